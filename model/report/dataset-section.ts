import type { LoadedDataset } from '../dataset/load-dataset.ts';
import type { Training } from '../training/train-models.ts';
import { familyTitles } from './families.ts';
import { escapeHtml } from './html.ts';

export function datasetSection(dataset: LoadedDataset, { models, winner }: Training): string {
  const { features, featureNames, units, labels, classNames, remarks, sha256 } = dataset;
  const ones = labels.reduce((sum, label) => sum + label, 0);
  const named = featureNames.map((name, j) => (units[j] === '' ? name : `${name} [${units[j]}]`));
  const { recipe, train, test, crossValidation } = winner;
  const libraries = models.flatMap(({ family, library }) =>
    library ? [`${familyTitles[family]}: ${library}`] : [],
  );
  const entries: [string, string][] = [
    [
      'Rows',
      `${features.rows}: ${labels.length - ones} ${escapeHtml(classNames[0])} (0), ${ones} ${escapeHtml(classNames[1])} (1)`,
    ],
    [
      'Use',
      `${train.features.rows} for training and ${crossValidation.folds}-fold cross-validation, ${test.rows} for testing; seed ${recipe.seed}`,
    ],
    ['Scaler', recipe.scaler],
    ['Features', escapeHtml(named.join(', '))],
    ['Notes', remarks.length === 0 ? 'none: every row was used as it stands' : toList(remarks)],
    ['SHA-256 of the file', `<code>${sha256}</code>`],
    ...libraries.map((library): [string, string] => ['Library', escapeHtml(library)]),
  ];
  return `<section><h2>Data</h2><dl>${entries.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join('\n')}</dl></section>`;
}

function toList(texts: readonly string[]): string {
  return `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}
