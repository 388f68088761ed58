import {
  averagePrecision,
  brierScore,
  calibrationBins,
  type Point,
  precisionRecallCurve,
  rocCurve,
} from '../evaluation/curves.ts';
import { permutationImportance } from '../evaluation/permutation-importance.ts';
import type { TrainedModel, Training } from '../training/train-models.ts';
import { chanceLine, curve, dot, shareChart } from './chart.ts';
import { shareOfOnes } from './comparison.ts';
import { escapeHtml, familyName, familyTitles } from './html.ts';

type Legend = readonly { readonly family: TrainedModel['family']; readonly value: number }[];

/** ROC and precision–recall curves of all families. */
export function curvesSection({ models, test: { labels } }: Training): string {
  const positives = shareOfOnes(labels);
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
<p class="hint">One point for every possible threshold, measured on the test rows. The dashed line is a random score.</p>
<div class="pair">
<figure><h3>ROC</h3>${rocChart}${legend('area under the curve', roc)}</figure>
<figure><h3>Precision–recall</h3>${recallChart}${legend('average precision', precisionRecall)}</figure>
</div></section>`;
}

function legend(what: string, entries: Legend): string {
  const lines = entries.map(
    ({ family, value }) => `<li>${familyName(family)}<b>${value.toFixed(4)}</b></li>`,
  );
  return `<ul class="legend"><li><span class="hint">${what}</span></li>${lines.join('')}</ul>`;
}

/**
 * Turns points into steps. Precision does not change linearly between two thresholds, so a sloping line would
 * be misleading.
 */
function toSteps(points: readonly Point[]): Point[] {
  return points.flatMap(([recall, precision], i): Point[] => [
    [points[i - 1]?.[0] ?? 0, precision],
    [recall, precision],
  ]);
}

const mostFeatures = 12;
const largestRadius = 11;

export function confusionSection(training: Training, classNames: readonly [string, string]): string {
  const [zero, one] = classNames.map(escapeHtml);
  return `<section><h2>Confusion matrices</h2>
<p class="hint">Test rows, at the threshold of 0.5. Percentages are shares of all rows that are ${zero}, or ${one}.</p>
${eachFamily(training, ({ test: { confusion } }) => {
  const { true_negatives, false_positives, false_negatives, true_positives } = confusion;
  const negatives = true_negatives + false_positives;
  const positives = false_negatives + true_positives;
  return `<table class="confusion"><thead><tr><td></td><th scope="col">predicted ${zero}</th><th scope="col">predicted ${one}</th></tr></thead><tbody>
<tr><th scope="row">is ${zero}</th>${cell(true_negatives, negatives)}${cell(false_positives, negatives)}</tr>
<tr><th scope="row">is ${one}</th>${cell(false_negatives, positives)}${cell(true_positives, positives)}</tr></tbody></table>`;
})}</section>`;
}

function cell(count: number, of: number): string {
  const share = count / of;
  const shade = `background:color-mix(in srgb, var(--accent) ${Math.round(share * 40)}%, transparent)`;
  return `<td style="${shade}"><b>${count}</b>${(share * 100).toFixed(1)} %</td>`;
}

export function calibrationSection(training: Training, positive: string): string {
  const { labels } = training.test;
  return `<section><h2>Calibration</h2>
<p class="hint">In a calibrated model, 70 % of the rows that score 0.7 are ${escapeHtml(positive)}: the points lie on the dashed line. The area of a point is proportional to the number of rows in its bin. Brier score: the mean squared difference of score and label; 0 is best.</p>
${eachFamily(training, ({ family, testScores }) => {
  const bins = calibrationBins(labels, testScores);
  const dots = bins.map(({ rows, meanScore, share }) =>
    dot([meanScore, share], {
      family,
      radius: Math.max(2, largestRadius * Math.sqrt(rows / labels.length)),
      title: `${rows} rows with a mean score of ${meanScore.toFixed(3)}; ${(share * 100).toFixed(1)} % are ${positive}`,
    }),
  );
  const line = curve(
    bins.map(({ meanScore, share }) => [meanScore, share]),
    { family, title: familyTitles[family] },
  );
  const frame = {
    label: `Calibration of ${familyTitles[family]}`,
    x: 'mean score',
    y: `share of ${positive}`,
  };
  const brier = brierScore(labels, testScores).toFixed(4);
  return `${shareChart(frame, chanceLine([0, 0], [1, 1]) + line + dots.join(''))}<figcaption>Brier score ${brier}</figcaption>`;
})}</section>`;
}

export function importancesSection(training: Training, featureNames: readonly string[]): string {
  const { test, winner } = training;
  return `<section><h2>Permutation importances</h2>
<p class="hint">The loss of accuracy when the values of one feature are shuffled between rows: mean ± standard deviation of five repeats. Correlated features can replace each other, so each of them may seem unimportant.</p>
${eachFamily(training, ({ family, fitted: { pipeline } }) => {
  const importances = permutationImportance(pipeline, test, { seed: winner.recipe.seed })
    .map((importance, j) => ({ ...importance, name: featureNames[j] }))
    .sort((a, b) => b.mean - a.mean);
  const largest = Math.max(Number.MIN_VALUE, importances[0].mean);
  const rows = importances.slice(0, mostFeatures).map(({ name, mean, sd }) => {
    const width = Math.max(0, (mean / largest) * 100).toFixed(1);
    return `<span>${escapeHtml(name)}</span><i style="width:${width}%"></i><b>${mean.toFixed(3).replace('-', '−')} ± ${sd.toFixed(3)}</b>`;
  });
  const hidden = importances.length - rows.length;
  const rest = hidden > 0 ? `<figcaption>and ${hidden} less important features</figcaption>` : '';
  return `<div class="importances" style="--family:var(--${family})">${rows.join('')}</div>${rest}`;
})}</section>`;
}

/** A small figure for each family, side by side. */
function eachFamily({ models }: Training, draw: (model: TrainedModel) => string): string {
  const figures = models.map(
    (model) => `<figure><h3>${familyName(model.family)}</h3>${draw(model)}</figure>`,
  );
  return `<div class="six">${figures.join('\n')}</div>`;
}
