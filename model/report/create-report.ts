import type { LoadedDataset } from '../dataset/parse-dataset.ts';
import type { Training } from '../training/train-models.ts';
import { calibrationSection, confusionSection, curvesSection, importancesSection } from './chart-sections.ts';
import { baselineAccuracy, columns, describeClasses, describeFeatures } from './comparison.ts';
import { escapeHtml, familyName, familyTitles } from './html.ts';
import { style } from './style.ts';

/**
 * A report that compares the families, as one HTML page without scripts or external resources. The same
 * dataset and options give the same page except for the times.
 */
export function createReport(dataset: LoadedDataset, training: Training): string {
  const { winner } = training;
  const majority = (baselineAccuracy(training) * 100).toFixed(1);
  const mean = (winner.crossValidation.mean * 100).toFixed(1);
  const accuracy = (winner.test.accuracy * 100).toFixed(1);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Training report</title>
<style>${style}</style>
</head>
<body>
<h1>Training report</h1>
<p class="lead">Best model: ${familyTitles[winner.family]}, with an accuracy of ${mean} % in cross-validation and ${accuracy} % on the test rows. Always predicting the majority class has an accuracy of ${majority} % on the test rows.</p>
${[
  comparisonSection(training),
  curvesSection(training),
  confusionSection(training, dataset.classNames),
  calibrationSection(training, dataset.classNames[1]),
  importancesSection(training, dataset.featureNames),
  datasetSection(dataset, training),
].join('\n')}
</body>
</html>
`;
}

function comparisonSection({ models, failures, winner }: Training): string {
  const best = columns.map((column) => column.best(...models.map(column.value)));
  const rows = models.map((model) => {
    const isWinner = model.family === winner.family;
    const cells = columns.map(
      ({ value, show }, j) => `<td${value(model) === best[j] ? ' class="best"' : ''}>${show(model)}</td>`,
    );
    const badge = isWinner ? '<span class="badge">best</span>' : '';
    return `<tr${isWinner ? ' class="winner"' : ''}><th scope="row">${familyName(model.family)}${badge}</th>${cells.join('')}</tr>`;
  });
  const heads = columns.map(({ title }) => `<th scope="col">${title}</th>`);
  const failed = failures.map(
    ({ family, reason }) =>
      `<p>${familyTitles[family]} cannot be fitted to these rows: ${escapeHtml(reason)}</p>`,
  );
  return `<section><h2>Comparison</h2>
<p class="hint">The best model is the one with the highest mean accuracy in cross-validation, which does not use the test rows. Times were measured on the machine that trained the models. The best value of each column is bold.</p>
<div class="wide"><table class="comparison"><thead><tr><th scope="col">family</th>${heads.join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>${failed.join('')}</section>`;
}

function datasetSection(dataset: LoadedDataset, { models, winner }: Training): string {
  const { features, remarks, sha256 } = dataset;
  const { recipe, train, test, crossValidation } = winner;
  const libraries = models.flatMap(({ family, library }) =>
    library ? [`${familyTitles[family]}: ${library}`] : [],
  );
  const entries: [string, string][] = [
    ['Rows', `${features.rows}: ${escapeHtml(describeClasses(dataset))}`],
    [
      'Use',
      `${train.features.rows} rows for training and ${crossValidation.folds}-fold cross-validation, ${test.rows} for testing; seed ${recipe.seed}`,
    ],
    ['Scaler', recipe.scaler],
    ['Features', escapeHtml(describeFeatures(dataset))],
    ['Notes', remarks.length === 0 ? 'none: every row was used unchanged' : toList(remarks)],
    ['SHA-256 of the file', `<code>${sha256}</code>`],
    ...libraries.map((library): [string, string] => ['Library', escapeHtml(library)]),
  ];
  return `<section><h2>Data</h2><dl>${entries.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join('\n')}</dl></section>`;
}

function toList(texts: readonly string[]): string {
  return `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}
