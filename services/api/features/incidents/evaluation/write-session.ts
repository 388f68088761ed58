import type { Transaction } from '../../../storage/connection.ts';
import { toStatesByRule } from '../../rules/listed-states.ts';
import { toIncidentStatements } from '../incident-rows.ts';
import { type CheckpointPart, writeCheckpoint } from './checkpoints.ts';
import { type Checkpoint, inLease, writeProgress } from './evaluation-row.ts';
import type { FoundIncident } from './evaluators.ts';
import { clearOrphans, createIncidentWriter, toOpenKey } from './incident-writer.ts';
import type { Session } from './session.ts';
import { toIncidentRecord } from './to-incident-record.ts';

/**
 * Writes what the replay has found, which notifies nobody again, and a checkpoint. From here on, the writer knows which
 * incidents are open. @throws LeaseLost, StorageError
 */
export async function writeFirst(session: Session, replayed: readonly FoundIncident[]): Promise<void> {
  const { options, fence, evaluators } = session;
  const records = replayed.map((found) => toIncidentRecord(found, options.render));
  const parts = await evaluators.save();
  let open: string[] = [];
  await inLease(options.pool, fence, async (transaction) => {
    for (const statement of toIncidentStatements(records)) await transaction.change(statement);
    open = await writeWhole(session, transaction, { parts, nowMs: options.now().getTime() });
  });
  session.writer = createIncidentWriter(options, open);
  session.due.begin('checkpoint');
}

/** Writes incidents, how far the evaluation is, and, if needed, a checkpoint, in one transaction. @throws LeaseLost, StorageError */
export async function write(
  session: Session,
  { nowMs, needsCheckpoint }: { nowMs: number; needsCheckpoint: boolean },
): Promise<void> {
  const { options, fence, evaluators, writer, reader, inputs, due } = session;
  const statements = writer.toStatements();
  const parts = needsCheckpoint ? await evaluators.save() : [];
  const states = due.isDue('states') ? JSON.stringify(toStatesByRule(evaluators.states(nowMs))) : undefined;
  let open: string[] | undefined;
  await inLease(options.pool, fence, async (transaction) => {
    for (const statement of statements) await transaction.change(statement);
    if (needsCheckpoint) open = await writeWhole(session, transaction, { parts, nowMs });
    else await writeProgress(transaction, { position: reader.position(), inputs });
    if (states !== undefined && states !== session.states)
      await transaction.change({
        sql: 'UPDATE rule_evaluation SET states = ? WHERE id = 1',
        values: [states],
      });
  });
  session.states = states ?? session.states;
  due.begin('write');
  writer.written(open);
  if (!needsCheckpoint) return;
  session.inputs = [];
  session.readings = 0;
  due.begin('checkpoint');
}

/** Clears incidents whose rule is gone, and writes a checkpoint. Returns the ids of the incidents that have not cleared. */
async function writeWhole(
  { options, evaluators, reader, rejections }: Session,
  transaction: Transaction,
  { parts, nowMs }: { parts: readonly CheckpointPart[]; nowMs: number },
): Promise<string[]> {
  const open = new Set(
    evaluators
      .states(nowMs)
      .filter(({ state }) => state === 'firing' || state === 'recovering')
      .map(({ rule, sensor }) => toOpenKey(rule, sensor)),
  );
  const position = reader.position();
  const checkpoint: Checkpoint = { position, rules: evaluators.ruleKeys(), totals: rejections.totals() };
  await writeCheckpoint(transaction, parts);
  await writeProgress(transaction, { position, inputs: [], checkpoint });
  const { toChangeStatements } = options;
  return clearOrphans(transaction, (key) => open.has(key), { nowMs, toChangeStatements });
}
