import type { ArrivedRow } from '../../readings/reading-row.ts';
import type { OwnArrival } from '../../stream/own-arrivals.ts';
import type { Session } from './session.ts';
import { write } from './write-session.ts';

/** Readings that arrived longer ago are committed or refused: the absence of readings is evaluated up to there. */
const settleMs = 2500;
const maxReadingsPerCheckpoint = 50_000;
const maxInputs = 2000;

/** Evaluates what has arrived, and writes the result. Resolves to whether more is ready. @throws LeaseLost, StorageError */
export async function evaluateNext(session: Session): Promise<boolean> {
  const { evaluators, reader, writer, due, options } = session;
  const nowMs = options.now().getTime();
  const before = reader.position().seq;
  const { rows, isMore } = await reader.read();
  const isNewType = rows.some(({ type }) => !evaluators.has(type));
  const haveRulesChanged = (due.isDue('rules') || isNewType) && (await updateRules(session));
  addReadings(session, rows, before);
  const isCaughtUp = !isMore && reader.waiting() === 0;
  if (isCaughtUp && due.isDue('rejections')) await addRejections(session, nowMs);
  if (isCaughtUp && due.isDue('time')) advance(session, nowMs - settleMs);
  writer.add(evaluators.takeChanges());
  const isFull = session.readings >= maxReadingsPerCheckpoint || session.inputs.length >= maxInputs;
  const needsCheckpoint = haveRulesChanged || isFull || due.isDue('checkpoint');
  // What is not written yet is evaluated again after a failure, with the same result.
  if (needsCheckpoint || writer.hasChanges() || due.isDue('write'))
    await write(session, { nowMs, needsCheckpoint });
  return isMore;
}

async function updateRules({ options, evaluators, writer }: Session): Promise<boolean> {
  const rules = await options.listRules();
  writer.add(evaluators.takeChanges());
  return evaluators.setRules(options.types.list(), rules);
}

/** @param before the highest `seq` that was evaluated before */
function addReadings(session: Session, rows: readonly (ArrivedRow | OwnArrival)[], before: number): void {
  let after = before;
  for (const row of rows) {
    if (row.seq < after) session.inputs.push({ after, kind: 'late', seq: row.seq });
    after = Math.max(after, row.seq);
    session.evaluators.add(row);
  }
  session.readings += rows.length;
}

async function addRejections(session: Session, nowMs: number): Promise<void> {
  const { evaluators, rejections, inputs, reader, options } = session;
  if (!evaluators.countsRejected()) return;
  const after = reader.position().seq;
  for (const counts of await rejections.count(options.following)) {
    const rejected = { ...counts, atMs: nowMs };
    evaluators.addRejected(rejected);
    inputs.push({ after, kind: 'rejected', ...rejected });
  }
}

function advance({ evaluators, inputs, reader }: Session, atMs: number): void {
  evaluators.advance(atMs);
  inputs.push({ after: reader.position().seq, kind: 'time', atMs });
}
