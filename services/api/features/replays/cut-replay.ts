import { toValidationError } from '../../http/parse-request.ts';
import type { Transaction } from '../../storage/connection.ts';
import {
  type ChunkRow,
  chunkColumns,
  deleteChunk,
  noteEndedLease,
  settleLease,
  shortenChunk,
} from './chunks.ts';
import { type ReplayRow, toMismatch } from './find-replay.ts';
import { wrapFrontier } from './frontier.ts';

function requireRoom(chunks: readonly ChunkRow[], replay: ReplayRow, totalRows: number): void {
  const ends = chunks
    .filter(({ done_rows }) => done_rows > 0)
    .map((chunk) => chunk.first_row + chunk.done_rows);
  const doneTo = Math.max(replay.done_to, ...ends);
  if (totalRows < doneTo)
    throw toValidationError([
      { path: 'total_rows', message: `expected at least ${doneTo}: row ${doneTo - 1} is done` },
    ]);
}

/**
 * The end of the file is known: nothing is left to do of what was begun beyond it. Answers the replay as it is then.
 * @throws ApiError `replay_mismatch` where the file had another end before, `validation_failed` where rows beyond are done
 */
export async function cutReplay(
  transaction: Transaction,
  replay: ReplayRow,
  totalRows: number,
): Promise<ReplayRow> {
  if (replay.total_rows === totalRows) return replay;
  if (replay.total_rows !== null) {
    const difference = `The file of the replay ${replay.name} has ${replay.total_rows} rows, not ${totalRows}`;
    throw toMismatch(replay.name, difference);
  }
  const chunksSql = `SELECT ${chunkColumns} FROM replay_chunks WHERE replay_id = ? ORDER BY \`loop\`, first_row FOR UPDATE`;
  const chunks = await transaction.select<ChunkRow>({ sql: chunksSql, values: [replay.id] });
  requireRoom(chunks, replay, totalRows);
  const cut = wrapFrontier({ ...replay, total_rows: totalRows });
  const sql = 'UPDATE replays SET total_rows = ?, next_loop = ?, next_row = ? WHERE name = ?';
  await transaction.change({ sql, values: [totalRows, cut.next_loop, cut.next_row, replay.name] });
  for (const chunk of chunks) {
    const rows = Math.min(chunk.rows, Math.max(0, totalRows - chunk.first_row));
    if (rows < chunk.rows) await shorten(transaction, replay, { ...chunk, rows });
  }
  return cut;
}

async function shorten(transaction: Transaction, replay: ReplayRow, chunk: ChunkRow): Promise<void> {
  if (chunk.done_rows < chunk.rows) return shortenChunk(transaction, replay, chunk);
  await settleLease(transaction, replay, chunk);
  await noteEndedLease(transaction, replay, chunk);
  await deleteChunk(transaction, replay, chunk);
}
