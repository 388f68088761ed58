import type { TrainedModel, Training } from '../training/train-models.ts';
import { familyTitles } from './families.ts';
import { escapeHtml } from './html.ts';

type Column = {
  readonly title: string;
  readonly value: (model: TrainedModel) => number;
  readonly show: (model: TrainedModel) => string;
  /** Which value is best. */
  readonly best: (...values: number[]) => number;
};

function share(title: string, value: Column['value']): Column {
  return { title, value, show: (model) => value(model).toFixed(4), best: Math.max };
}

const columns: readonly Column[] = [
  {
    ...share('CV accuracy', ({ crossValidation }) => crossValidation.mean),
    show: ({ crossValidation: { mean, sd } }) => `${mean.toFixed(4)} <small>± ${sd.toFixed(4)}</small>`,
  },
  share('Test<br>accuracy', ({ test }) => test.accuracy),
  share('Precision', ({ test }) => test.precision),
  share('Recall', ({ test }) => test.recall),
  share('F1', ({ test }) => test.f1),
  share('ROC AUC', ({ test }) => test.roc_auc),
  {
    title: 'Training',
    value: ({ fitSeconds }) => fitSeconds,
    show: ({ fitSeconds }) => `${fitSeconds.toFixed(2)} s`,
    best: Math.min,
  },
  {
    title: 'One<br>prediction',
    value: ({ predictionMicros }) => predictionMicros,
    show: ({ predictionMicros }) => `${predictionMicros.toFixed(1)} µs`,
    best: Math.min,
  },
];

export function comparisonSection({ models, failures, winner }: Training): string {
  const best = columns.map((column) => column.best(...models.map(column.value)));
  const rows = models.map((model) => {
    const isWinner = model.family === winner.family;
    const cells = columns.map(
      ({ value, show }, j) => `<td${value(model) === best[j] ? ' class="best"' : ''}>${show(model)}</td>`,
    );
    const badge = isWinner ? '<span class="badge">winner</span>' : '';
    const mark = `<span class="mark" style="--family:var(--${model.family})"></span>`;
    return `<tr${isWinner ? ' class="winner"' : ''}><th scope="row">${mark}${familyTitles[model.family]}${badge}</th>${cells.join('')}</tr>`;
  });
  const heads = columns.map(({ title }) => `<th scope="col">${title}</th>`);
  const fallen = failures.map(
    ({ family, reason }) =>
      `<p>${familyTitles[family]} cannot learn from these rows: ${escapeHtml(reason)}</p>`,
  );
  return `<section><h2>Comparison</h2>
<p class="hint">The winner is the best on the mean of the cross-validation, in which the rows for testing have no part. Times are those of the machine that trained; bold is the best of a column.</p>
<div class="wide"><table class="comparison"><thead><tr><th scope="col">Family</th>${heads.join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>${fallen.join('')}</section>`;
}
