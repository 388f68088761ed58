import { describeValue, type Explanation, type Scored, type Vote } from '@sensor-sentinel/contracts';
import { assemblePipeline, createExplainer } from '@sensor-sentinel/model';
import { ApiError } from '../../http/errors.ts';
import { type LoadedType, toFeatureValues, type Values } from '../types/sensor-type.ts';
import { type PreparedModel, toReason } from './prepare-model.ts';

export type ServedModel = ReturnType<typeof createServedModel>;

/** The file name without `.json`. */
export function toStem(file: string): string {
  return file.replace(/\.json$/, '');
}

/** A model that scores the readings of one sensor type. */
export interface BoundModel {
  name: string;
  family: string;
  typeName: string;
  /** Why it cannot score the readings; undefined if it can. */
  obstacle: string | undefined;
  /** Whether it scores readings that lack a value. */
  acceptsMissing: boolean;
  /** @throws RangeError if the score is not in [0, 1] */
  score: (values: Values) => ScoredBy;
  vote: (values: Values) => Vote;
  /** @throws ApiError `explanation_unavailable` if the artifact has no background readings, or cannot score them */
  requireExplainable: () => void;
  /** @throws ApiError `explanation_unavailable`, like `requireExplainable` */
  explain: (values: Values) => Explanation;
}

/** The result of a model. */
export interface ScoredBy extends Scored {
  prediction: 0 | 1;
  score: number;
  model: string;
}

/**
 * A verified artifact that can score and explain readings.
 * @param file the name of its file, without the folder
 */
export function createServedModel(prepared: PreparedModel, file: string) {
  const { description, background, unexplained } = prepared;
  const { name, family, type: typeName } = description;
  const pipeline = assemblePipeline(prepared.pipeline);
  const explainRow = createExplainer({ pipeline, background });
  const bound = new WeakMap<LoadedType, BoundModel>();

  function requireExplainable(): void {
    if (unexplained === undefined) return;
    throw new ApiError('explanation_unavailable', { detail: `${name} ${unexplained}` });
  }

  /** Scores one row of features in the order of `featureNames`. @throws RangeError if the score is not in [0, 1] */
  function scoreRow(row: ArrayLike<number>): { prediction: 0 | 1; score: number } {
    const score = pipeline.score(row);
    if (!(score >= 0 && score <= 1)) throw new RangeError(`the score is ${score}`);
    return { prediction: pipeline.toPrediction(score), score };
  }

  const normalRanges = new Map(description.features.map((feature) => [feature.name, feature.normal_range]));

  function withNormalRange<Part extends { feature: string }>(part: Part) {
    const normal_range = normalRanges.get(part.feature);
    return normal_range === undefined ? part : { ...part, normal_range };
  }

  function createBound(type: LoadedType): BoundModel {
    const places = pipeline.featureNames.map((feature) => type.featureNames.indexOf(feature));
    const toRow = (values: Values) => places.map((place) => values[place] ?? Number.NaN);
    const score = (values: Values): ScoredBy => ({ ...scoreRow(toRow(values)), model: name });
    return {
      name,
      family,
      typeName,
      obstacle: findFeatureObstacle(prepared.pipeline, type) ?? findScoreObstacle(type, score),
      acceptsMissing: pipeline.acceptsMissing,
      score,
      vote(values) {
        const probability = pipeline.calibratedProbability(toRow(values));
        return {
          ...score(values),
          family,
          ...(probability !== undefined && { probability }),
        };
      },
      requireExplainable,
      explain(values) {
        requireExplainable();
        const { contributions, ...rest } = explainRow(toRow(values));
        return { model: name, ...rest, contributions: contributions.map(withNormalRange) };
      },
    };
  }

  return {
    name,
    file,
    /** The sensor type whose readings it scores. */
    typeName,
    /** The first eight hexadecimal digits of its hash. */
    version: description.certificate.sha256.slice(0, 8),
    description,
    featureNames: pipeline.featureNames,
    scoreRow,
    /** The model for the readings of a type, which is the type it was made for. */
    bind(type: LoadedType): BoundModel {
      const known = bound.get(type) ?? createBound(type);
      bound.set(type, known);
      return known;
    },
  };
}

/** A model may leave out features of its type, but needs all of its own. */
function findFeatureObstacle({ features }: PreparedModel['pipeline'], type: LoadedType): string | undefined {
  const missing = features.filter(({ name }) => !type.featureNames.includes(name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    return `it needs ${names}, which the type ${type.name} does not have (it has ${type.featureNames.join(', ')})`;
  }
  const unitOf = (name: string) => type.features.find((feature) => feature.name === name)?.unit ?? '';
  const other = features.find(
    ({ name, unit }) => unit !== '' && unitOf(name) !== '' && unit !== unitOf(name),
  );
  return other && `its ${other.name} is in ${other.unit}; readings have ${unitOf(other.name)}`;
}

/** Scores the corners of the type's limits. If these do not overflow, no value in between does. */
function findScoreObstacle(type: LoadedType, score: (values: Values) => unknown): string | undefined {
  for (const values of listExtremeValues(type)) {
    const reason = toReason(() => score(values));
    if (reason === undefined) continue;
    return `it cannot score ${JSON.stringify(toFeatureValues(type, values))}: ${reason}. Are the limits right (${describeLimits(type)})?`;
  }
  return undefined;
}

function describeLimits({ features }: LoadedType): string {
  return features.map((feature) => `${feature.name}: ${describeValue(feature)}`).join('; ');
}

/** Up to this number of features, all combinations of the smallest and largest values are tried. */
const maxCombined = 6;
/** Stands for a limit that a feature does not have. */
const farAway = 1e9;

/** With many features: all values at their limits, and each one at the opposite limit. */
function listExtremeValues({ features }: LoadedType): number[][] {
  const combine = (isHigh: (place: number) => boolean) =>
    features.map(({ min, max }, place) => (isHigh(place) ? (max ?? farAway) : (min ?? -farAway)));
  if (features.length <= maxCombined)
    return Array.from({ length: 2 ** features.length }, (_, corner) =>
      combine((place) => ((corner >> place) & 1) === 1),
    );
  const single = features.flatMap((_, other) => [
    combine((place) => place === other),
    combine((place) => place !== other),
  ]);
  return [combine(() => false), combine(() => true), ...single];
}
