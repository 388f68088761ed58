import { averagePrecision, type Point, precisionRecallCurve, rocCurve } from '../evaluation/curves.ts';
import type { TrainedModel, Training } from '../training/train-models.ts';
import { chanceLine, curve, shareChart } from './chart.ts';
import { familyTitles } from './families.ts';

type Legend = readonly { readonly family: TrainedModel['family']; readonly value: number }[];

/** ROC and precision–recall curves, every family in one chart. */
export function curvesSection({ models, test: { labels } }: Training): string {
  const positives = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const roc = models.map(({ family, test, testScores }) => {
    return { family, value: test.roc_auc, points: rocCurve(labels, testScores) };
  });
  const precisionRecall = models.map(({ family, testScores }) => {
    const points = precisionRecallCurve(labels, testScores);
    return { family, value: averagePrecision(points), points: toSteps(points) };
  });
  const draw = ({ family, points }: (typeof roc)[number]) =>
    curve(points, { family, title: familyTitles[family] });
  const rocFrame = { label: 'ROC curves', x: 'false-positive rate', y: 'true-positive rate' };
  const rocChart = shareChart(rocFrame, chanceLine([0, 0], [1, 1]) + roc.map(draw).join(''));
  const recallFrame = { label: 'Precision–recall curves', x: 'recall', y: 'precision' };
  const recallChart = shareChart(
    recallFrame,
    chanceLine([0, positives], [1, positives]) + precisionRecall.map(draw).join(''),
  );
  return `<section><h2>Curves</h2>
<p class="hint">Every threshold that could be chosen, on the rows for testing. The dashed line is what a score without any information gives.</p>
<div class="pair">
<figure><h3>ROC</h3>${rocChart}${legend('area under the curve', roc)}</figure>
<figure><h3>Precision–recall</h3>${recallChart}${legend('average precision', precisionRecall)}</figure>
</div></section>`;
}

function legend(what: string, entries: Legend): string {
  const lines = entries.map(
    ({ family, value }) =>
      `<li><span class="mark" style="--family:var(--${family})"></span>${familyTitles[family]}<b>${value.toFixed(4)}</b></li>`,
  );
  return `<ul class="legend"><li><span class="hint">${what}</span></li>${lines.join('')}</ul>`;
}

/** From one recall to the next precision is that of the next: a sloping line would promise thresholds that do not exist. */
function toSteps(points: readonly Point[]): Point[] {
  return points.flatMap(([recall, precision], i): Point[] => [
    [points[i - 1]?.[0] ?? 0, precision],
    [recall, precision],
  ]);
}
