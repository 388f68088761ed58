import { randomFillSync } from 'node:crypto';
import type { FeatureValues, ReadingInput, Scored, StoredReading } from '@sensor-sentinel/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { GroupCommit } from './group-commit.ts';
import type { ScoredReading } from './reading-row.ts';

/** Scores the features of one reading. */
export type Score = (values: FeatureValues) => Scored;

/** The outcome of one reading. For a duplicate or conflict, `stored` is the reading that has its id. */
export interface Ingested {
  stored: StoredReading;
  outcome: 'stored' | 'duplicate' | 'conflict';
}

export type Ingest = (inputs: readonly ReadingInput[], score: Score) => Promise<Ingested[]>;

const bytesPerId = 16;
const idsPerFill = 512;

interface IngestOptions {
  groupCommit: GroupCommit;
  now: () => Date;
}

/** Scores and commits readings. Resolves after the commit, with one outcome per reading, in order. */
export function createIngest({ groupCommit, now }: IngestOptions): Ingest {
  const createId = createIdMaker();
  return async (inputs, score) => {
    const rows = inputs.map((input) => scoreReading(input, { score, createId, now: now() }));
    const committed = await groupCommit.submit(rows);
    return inputs.map((input, index) => {
      const submitted = rows[index]?.reading;
      const stored = submitted && committed.get(submitted.id);
      if (!stored) throw new Error('the commit did not return a submitted reading');
      if (stored === submitted) return { stored, outcome: 'stored' };
      return { stored, outcome: isSameReading(input, stored) ? 'duplicate' : 'conflict' };
    });
  };
}

/** Creates UUIDs of version 7. Random bytes are drawn for 512 ids at once, which costs as much as for one. */
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

/** Whether the input is a duplicate of the stored reading. A missing timestamp matches any. */
function isSameReading(input: ReadingInput, stored: StoredReading): boolean {
  return (
    input.sensor_id === stored.sensor_id &&
    input.temperature === stored.temperature &&
    input.humidity === stored.humidity &&
    input.sound_volume === stored.sound_volume &&
    (input.timestamp === undefined || input.timestamp === stored.timestamp)
  );
}
