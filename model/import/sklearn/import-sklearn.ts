import { ImportError } from '../import-error.ts';
import type { ImportedParts } from '../imported-parts.ts';
import { readModelFile } from '../pickle/read-model-file.ts';
import { oneOfEach, type Preparation, passThrough } from './preparation.ts';
import { type ClassifierStep, chainSteps, readSteps, type Step, type TransformerStep } from './read-steps.ts';

export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a classifier and the transformers before it from pickle or joblib files of scikit-learn, alone or in Pipelines. The
 * classifier may be in any file; several transformers are applied in the order of the files. Without a scaler, the classifier
 * gets unscaled features.
 *
 * @throws ImportError when a file cannot be read, or the files do not contain one classifier
 */
export async function importSklearn(files: readonly InputFile[]): Promise<ImportedParts> {
  const steps: Step[] = [];
  for (const { name, bytes } of files) steps.push(...readSteps(await readModelFile(bytes, name), name));
  const { transformers, classifier } = chooseSteps(steps, files);
  const preparation = prepare(transformers, classifier);
  const { columns, scaler, imputer } = preparation;
  const width = (transformers[0] ?? classifier).width;
  const featureNames = commonNames([...transformers, classifier]);
  const isEveryColumn = columns.length === width && columns.every((column, j) => column === j);
  return {
    scaler,
    ...(imputer && { imputer }),
    classifier: classifier.classifier,
    ...(classifier.classNames && { classNames: classifier.classNames }),
    ...(featureNames && { featureNames: columns.map((column) => featureNames[column]) }),
    featureCount: columns.length,
    ...(!isEveryColumn && { inputs: { count: width, columns: [...columns] } }),
    estimator: [...transformers, classifier].map(({ title }) => title).join(' → '),
    version: [...new Set([...transformers, classifier].flatMap((step) => step.versions))].join(', '),
  };
}

function chooseSteps(steps: readonly Step[], files: readonly InputFile[]) {
  const [classifier, ...others] = steps.filter((step): step is ClassifierStep => 'classifier' in step);
  const transformers = steps.filter((step): step is TransformerStep => 'preparation' in step);
  const scalers = transformers.filter(({ preparation }) => preparation.scaler.kind !== 'none');
  if (classifier && others.length === 0 && scalers.length <= 1) return { transformers, classifier };
  const held = steps.map(({ title, file }) => `${title} (${file})`).join(', ') || 'nothing';
  throw new ImportError(files.map(({ name }) => name).join(', '), {
    problem: `found ${held}, expected one classifier and at most one scaler`,
    remedy:
      classifier && others.length === 0
        ? oneOfEach
        : 'Name the files of the classifier and of its scaler, or one file with a Pipeline of both',
  });
}

/** @throws ImportError when a step does not fit the one before it */
function prepare(transformers: readonly TransformerStep[], classifier: ClassifierStep): Preparation {
  const { file, title, width } = classifier;
  const start = passThrough((transformers[0] ?? classifier).width);
  const preparation = chainSteps(
    start,
    transformers,
    (problem, remedy) => new ImportError(file, { problem, remedy }),
  );
  const { columns } = preparation;
  const last = transformers.at(-1);
  if (columns.length !== width) {
    throw new ImportError(file, {
      problem: `${title} expects ${width} features, but ${last?.title} in ${last?.file} has ${columns.length}`,
      remedy: 'Use the scaler that the classifier was fitted with',
    });
  }
  const repeated = columns.find((column, j) => columns.indexOf(column) < j);
  if (repeated === undefined) return preparation;
  throw new ImportError(file, {
    problem: `column ${repeated} is used twice by ${transformers.map((step) => step.title).join(' → ')}`,
    remedy: 'Fit the model with every column in one branch',
  });
}

/**
 * The names of the columns that the first step takes. A transformer returns arrays without column names, so usually only the first
 * step has names; a ColumnTransformer gives its columns other names.
 */
function commonNames(steps: readonly Step[]): string[] | undefined {
  const [first, ...others] = steps.filter(({ featureNames }) => featureNames !== undefined);
  const isRenamed = steps.some(({ title }) => title.startsWith('ColumnTransformer'));
  const other = others.find(({ featureNames }) =>
    featureNames?.some((name, j) => name !== first?.featureNames?.[j]),
  );
  if (other && !isRenamed) {
    throw new ImportError(other.file, {
      problem: `the scaler was fitted on ${first?.featureNames?.join(', ')}, but the classifier on ${other.featureNames?.join(', ')}`,
      remedy: 'Fit both on the same columns in the same order',
    });
  }
  return first && (first === steps[0] || !isRenamed) ? first.featureNames : undefined;
}
