import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Pool } from 'mysql2/promise';
import { selectRows, type Transaction } from '../../../storage/connection.ts';
import type { SavedState } from '../../rules/evaluator.ts';

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

/** The state of some sensors of a type. */
export interface CheckpointPart {
  /** The key of the type. */
  type: number;
  part: number;
  /** Compressed JSON. */
  state: Buffer;
}

export async function toCheckpointPart(
  place: Omit<CheckpointPart, 'state'>,
  state: SavedState,
): Promise<CheckpointPart> {
  return { ...place, state: await compress(JSON.stringify(state), { level: 1 }) };
}

/** Replaces the last checkpoint. Its position belongs in the same transaction. */
export async function writeCheckpoint(
  { change }: Transaction,
  parts: readonly CheckpointPart[],
): Promise<void> {
  await change({ sql: 'DELETE FROM rule_checkpoints' });
  for (const { type, part, state } of parts)
    await change({
      sql: 'INSERT INTO rule_checkpoints (type, part, state) VALUES (?, ?, ?)',
      values: [type, part, state],
    });
}

/** The saved states by the key of the type, in parts. @throws StorageError */
export async function* readCheckpoint(pool: Pool): AsyncGenerator<{ type: number; state: SavedState }> {
  const parts = await selectRows<{ type: number; part: number }>(pool, {
    sql: 'SELECT type, part FROM rule_checkpoints ORDER BY type, part',
  });
  for (const { type, part } of parts) {
    const sql = 'SELECT state FROM rule_checkpoints WHERE type = ? AND part = ?';
    const [row] = await selectRows<{ state: Buffer }>(pool, { sql, values: [type, part] });
    if (row === undefined) throw new Error('a checkpoint was replaced while it was read');
    const text = (await decompress(row.state)).toString();
    yield { type, state: JSON.parse(text) as SavedState }; // only `toCheckpointPart` writes it
  }
}
