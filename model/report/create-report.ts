import type { LoadedDataset } from '../dataset/load-dataset.ts';
import type { Training } from '../training/train-models.ts';
import { comparisonSection } from './comparison-section.ts';
import { curvesSection } from './curves-section.ts';
import { datasetSection } from './dataset-section.ts';
import { familyTitles } from './families.ts';
import { calibrationSection, confusionSection, importancesSection } from './family-sections.ts';
import { style } from './style.ts';

/**
 * A page that tells how the families compare, in one file without scripts; nothing is fetched from elsewhere. The same
 * dataset and options give the same page but for the times.
 */
export function createReport(dataset: LoadedDataset, training: Training): string {
  const { winner, test } = training;
  const ones = test.labels.reduce((sum, label) => sum + label, 0) / test.labels.length;
  const commoner = (Math.max(ones, 1 - ones) * 100).toFixed(1);
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
<p class="lead">${familyTitles[winner.family]} wins: right about ${mean} % of rows in cross-validation, ${accuracy} % of the rows for testing. Always answering the commoner class would be right about ${commoner} % of these.</p>
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
