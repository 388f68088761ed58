import {
  type Explanation,
  type FeatureValues,
  features,
  type Model,
  modelSchema,
  type Scored,
  type Vote,
} from '@sensor-sentinel/contracts';
import { createExplainer, type LoadedArtifact } from '@sensor-sentinel/model';
import { ApiError } from '../../http/errors.ts';
import { toNormalRanges } from './normal-ranges.ts';

export type ServedModel = ReturnType<typeof createServedModel>;

/** The file name without `.json`. */
export function toStem(file: string): string {
  return file.replace(/\.json$/, '');
}

/**
 * A verified artifact that can score and explain readings.
 * @param file the name of its file, without the folder
 */
export function createServedModel(loaded: LoadedArtifact, file: string) {
  const { artifact, pipeline, certificate } = loaded;
  const { name, background, classifier } = artifact;
  const toRow = (values: FeatureValues) => pipeline.featureNames.map((key) => toFeatureValue(values, key));
  const explain = createExplainer({ pipeline, background });
  const unexplained = findBackgroundFault(loaded);

  /** @throws ApiError `explanation_unavailable` if the artifact has no background readings, or cannot score them */
  function requireExplainable(): void {
    if (unexplained === undefined) return;
    throw new ApiError('explanation_unavailable', { detail: `${name} ${unexplained}` });
  }

  /** Scores one row of features in the order of `featureNames`. @throws RangeError if the score is not in [0, 1] */
  function scoreRow(row: ArrayLike<number>): Pick<Scored, 'prediction' | 'score'> {
    const score = pipeline.score(row);
    if (!(score >= 0 && score <= 1)) throw new RangeError(`the score is ${score}`);
    return { prediction: pipeline.toPrediction(score), score };
  }

  function score(values: FeatureValues): Scored {
    return { ...scoreRow(toRow(values)), model: name };
  }

  return {
    name,
    file,
    /** The first eight hexadecimal digits of its hash. */
    version: artifact.sha256.slice(0, 8),
    description: modelSchema.parse({
      ...artifact,
      features: describeFeatures(loaded),
      family: classifier.family,
      certificate,
    }),
    featureNames: pipeline.featureNames,
    /** Why it cannot score readings; `scoreRow` still works. Undefined if it can. */
    obstacle: findFeatureObstacle(loaded) ?? findScoreObstacle(score),
    scoreRow,
    score,
    vote(values: FeatureValues): Vote {
      const probability = pipeline.calibratedProbability(toRow(values));
      return {
        ...score(values),
        family: classifier.family,
        ...(probability !== undefined && { probability }),
      };
    },
    requireExplainable,
    /** @throws ApiError `explanation_unavailable`, like `requireExplainable` */
    explain(values: FeatureValues): Explanation {
      requireExplainable();
      const { contributions, ...rest } = explain(toRow(values));
      return { model: name, ...rest, contributions: [...contributions] };
    },
  };
}

function toFeatureValue(values: FeatureValues, name: string): number {
  const value: unknown = values[name as keyof FeatureValues]; // a model with other feature names has an obstacle
  if (typeof value === 'number') return value;
  throw new Error(`the model needs the feature ${name}, which readings do not have`);
}

function findBackgroundFault({ artifact, pipeline }: LoadedArtifact): string | undefined {
  if (artifact.background.length === 0) return 'has no background readings, which explanations need';
  const row = artifact.background.findIndex((values) => toReason(() => pipeline.score(values)) !== undefined);
  return row < 0 ? undefined : `cannot score its own background reading ${row}`;
}

/** The error message of a call that fails; undefined if it succeeds. */
function toReason(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function describeFeatures(loaded: LoadedArtifact): Model['features'] {
  const { artifact, pipeline } = loaded;
  const isNormal = (row: readonly number[]) => pipeline.toPrediction(pipeline.score(row)) === 0;
  const canScore = findBackgroundFault(loaded) === undefined;
  const ranges = canScore ? toNormalRanges(artifact.background.filter(isNormal)) : [];
  return artifact.features.map((feature, column) => {
    const normal_range = ranges[column];
    return normal_range === undefined ? feature : { ...feature, normal_range };
  });
}

function findFeatureObstacle({ artifact }: LoadedArtifact): string | undefined {
  const names = artifact.features.map(({ name }) => name);
  const expected: string[] = features.map(({ name }) => name);
  if (names.toSorted().join() !== expected.toSorted().join())
    return `its features are ${names.join(', ')}; readings have ${expected.join(', ')}`;
  const other = artifact.features.find(({ name, unit }) => unit !== '' && unit !== toUnit(name));
  return other && `its ${other.name} is in ${other.unit}; readings have ${toUnit(other.name)}`;
}

function toUnit(name: string): string | undefined {
  return features.find((feature) => feature.name === name)?.unit;
}

function findScoreObstacle(score: (values: FeatureValues) => Scored): string | undefined {
  for (const values of listExtremeReadings()) {
    const reason = toReason(() => score(values));
    if (reason !== undefined) return `it cannot score ${JSON.stringify(values)}: ${reason}`;
  }
  return undefined;
}

/** All combinations of the smallest and largest feature values. If these do not overflow, no value in between does. */
function listExtremeReadings(): FeatureValues[] {
  return Array.from({ length: 2 ** features.length }, (_, corner) => {
    const [temperature, humidity, sound_volume] = features.map(({ min, max }, i) =>
      (corner >> i) & 1 ? max : min,
    );
    return { temperature, humidity, sound_volume } as FeatureValues; // `features` has exactly these three
  });
}
