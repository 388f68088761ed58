import type { Pool } from 'mysql2/promise';
import { listRowsAfter, listRowsIn } from '../../stream/list-rows.ts';
import { contains } from '../../stream/seq-tracker.ts';
import type { EvaluationInput, Progress } from './evaluation-row.ts';
import type { Evaluators } from './evaluators.ts';
import type { RejectionCounter } from './rejections.ts';

const rowsPerRead = 5000;

interface ReplayOptions {
  pool: Pool;
  progress: Progress;
  evaluators: Evaluators;
  rejections: RejectionCounter;
  /** Called now and then. */
  renew: () => Promise<void>;
}

/** Evaluates again, in the same order, everything that was evaluated since the checkpoint. @throws StorageError */
export async function replay({
  pool,
  progress,
  evaluators,
  rejections,
  renew,
}: ReplayOptions): Promise<void> {
  const { position, checkpoint, inputs } = progress;
  const lateSeqs = inputs.flatMap((input) => (input.kind === 'late' ? [input.seq] : []));
  const lateRows = await listRowsIn(
    pool,
    lateSeqs.map((seq) => ({ from: seq, to: seq })),
  );
  const late = new Map(lateRows.map((row) => [row.seq, row]));
  const waiting = [...inputs];

  function applyInputsBefore(seq: number): void {
    for (let next = waiting[0]; next !== undefined && next.after < seq; next = waiting[0]) {
      waiting.shift();
      const row = next.kind === 'late' ? late.get(next.seq) : undefined;
      if (row) evaluators.add(row);
      else applyInput(next, evaluators, rejections);
    }
  }

  const isLate = new Set(lateSeqs);
  for (let after = checkpoint.position.seq; after < position.seq; ) {
    const rows = await listRowsAfter(pool, { after, upTo: position.seq, limit: rowsPerRead });
    for (const row of rows) {
      if (isLate.has(row.seq) || !contains(position, row.seq)) continue;
      applyInputsBefore(row.seq);
      evaluators.add(row);
    }
    if (rows.length < rowsPerRead) break;
    after = rows.at(-1)?.seq ?? position.seq;
    await renew();
  }
  applyInputsBefore(Infinity);
}

function applyInput(input: EvaluationInput, evaluators: Evaluators, rejections: RejectionCounter): void {
  if (input.kind === 'time') evaluators.advance(input.atMs);
  if (input.kind !== 'rejected') return;
  evaluators.addRejected(input);
  rejections.add(input);
}
