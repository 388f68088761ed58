import { createMatrix, type Matrix } from '../matrix.ts';
import { createRandom, type Random, shuffledIndices } from './random.ts';
import { drawAnomalousReading, drawNormalReading, sensorFeatureNames } from './sensor-features.ts';

const anomalousShare = 0.08;

/** Rows, both ends included. */
const episode = { shortest: 3, longest: 20 };

/** Unlabelled readings in order of time; `anomalous[i]` is 1 where row i was drawn as an anomaly. */
export type GeneratedReadings = {
  readonly featureNames: readonly string[];
  readonly features: Matrix;
  readonly anomalous: Uint8Array;
};

/**
 * A stream as a sensor sends it: quiet stretches of normal readings, and 8 % of the rows, less the one or two that do
 * not make an episode, in episodes of anomalous ones.
 */
export function generateReadings({ rows = 2000, seed = 1 } = {}): GeneratedReadings {
  const random = createRandom(seed);
  const lengths = drawEpisodeLengths(Math.round(rows * anomalousShare), random);
  const normals = rows - lengths.reduce((sum, length) => sum + length, 0);
  const starts = new Set(shuffledIndices(normals, random).subarray(0, lengths.length));
  const drawn: number[][] = [];
  const anomalous = new Uint8Array(rows);
  for (let normal = 0; normal < normals; normal++) {
    const length = starts.has(normal) ? (lengths.pop() ?? 0) : 0;
    anomalous.fill(1, drawn.length, drawn.length + length);
    for (let i = 0; i < length; i++) drawn.push(drawAnomalousReading(random));
    drawn.push(drawNormalReading(random));
  }
  return {
    featureNames: sensorFeatureNames,
    features: createMatrix(Float64Array.from(drawn.flat()), sensorFeatureNames.length),
    anomalous,
  };
}

function drawEpisodeLengths(rows: number, random: Random): number[] {
  const lengths: number[] = [];
  for (let left = rows; left >= episode.shortest; left -= lengths[lengths.length - 1]) {
    lengths.push(Math.min(left, random.integer(episode.shortest, episode.longest)));
  }
  return lengths;
}
