import type { FeatureValues, ReadingInput, Scored } from '@sensor-sentinel/contracts';
import type { ScoredReading } from './reading-row.ts';

/** Scores one set of feature values. */
export type Score = (values: FeatureValues) => Scored;

export function scoreReading(
  input: ReadingInput,
  { score, createId, now }: { score: Score; createId: (msecs: number) => string; now: Date },
): ScoredReading {
  const { temperature, humidity, sound_volume } = input;
  const receivedAt = now.toISOString();
  const reading = {
    ...score(input),
    id: input.id ?? createId(now.getTime()),
    sensor_id: input.sensor_id,
    timestamp: input.timestamp ?? receivedAt,
    temperature,
    humidity,
    sound_volume,
  };
  return { reading, receivedAt };
}
