import { randomFillSync } from 'node:crypto';
import type { FeatureValues, ReadingInput, Scored, StoredReading } from '@sensor-sentinel/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { GroupCommit } from './group-commit.ts';
import type { ScoredReading } from './reading-row.ts';

/** Scores one set of feature values. */
export type Score = (values: FeatureValues) => Scored;

/** The outcome of one reading. A conflict comes with the reading that is stored under its id. */
export interface Ingested {
  stored: StoredReading;
  outcome: 'stored' | 'replayed' | 'conflict';
}

export type Ingest = (inputs: readonly ReadingInput[], score: Score) => Promise<Ingested[]>;

const bytesPerId = 16;
const idsPerFill = 512;

interface IngestOptions {
  groupCommit: GroupCommit;
  now: () => Date;
}

/** Scores readings and commits them; resolves after the commit, with outcomes in the order of the readings. */
export function createIngest({ groupCommit, now }: IngestOptions): Ingest {
  const createId = createIdMaker();
  return async (inputs, score) => {
    const rows = inputs.map((input) => scoreReading(input, { score, createId, now: now() }));
    const committed = await groupCommit.submit(rows);
    return inputs.map((input, index) => {
      const handedIn = rows[index]?.reading;
      const stored = handedIn && committed.get(handedIn.id);
      if (!stored) throw new Error('a commit left out a reading that it was given');
      if (stored === handedIn) return { stored, outcome: 'stored' };
      return { stored, outcome: isSameReading(input, stored) ? 'replayed' : 'conflict' };
    });
  };
}

/** Makes UUIDs of version 7. Asking the system for the random bytes of 512 at once costs as much as for one. */
function createIdMaker(): (msecs: number) => string {
  const pool = new Uint8Array(bytesPerId * idsPerFill);
  let used = pool.length;
  return (msecs) => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytesPerId;
    return uuidv7({ msecs, random: pool.subarray(used - bytesPerId, used) });
  };
}

function scoreReading(
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

/** Whether the same reading was sent again. A timestamp that is left out matches any. */
function isSameReading(input: ReadingInput, stored: StoredReading): boolean {
  return (
    input.sensor_id === stored.sensor_id &&
    input.temperature === stored.temperature &&
    input.humidity === stored.humidity &&
    input.sound_volume === stored.sound_volume &&
    (input.timestamp === undefined || input.timestamp === stored.timestamp)
  );
}
