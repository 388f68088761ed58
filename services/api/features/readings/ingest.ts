import type { ReadingInput, StoredReading } from '@sensor-sentinel/contracts';
import { createIdMaker } from './create-id.ts';
import type { GroupCommit } from './group-commit.ts';
import { isSameReading } from './same-reading.ts';
import { type Score, scoreReading } from './score-reading.ts';

/** What became of one reading. A conflict carries what is stored under its id. */
export interface Ingested {
  stored: StoredReading;
  outcome: 'stored' | 'replayed' | 'conflict';
}

export type Ingest = (inputs: readonly ReadingInput[], score: Score) => Promise<Ingested[]>;

interface IngestOptions {
  groupCommit: GroupCommit;
  now: () => Date;
}

/** Scores and commits readings; resolves after their commit, in their order. */
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
