import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../../storage/connection.ts';
import { createOwnArrivalReader } from '../../stream/arrival-reader.ts';
import { findTail } from '../../stream/list-rows.ts';
import { readCheckpoint } from './checkpoints.ts';
import { createDueTimes } from './due-times.ts';
import { inLease, type Lease, type Progress } from './evaluation-row.ts';
import { createEvaluators, type Evaluators } from './evaluators.ts';
import { createIncidentWriter } from './incident-writer.ts';
import { createRejectionCounter, listPresentTotals, type RejectionCounter } from './rejections.ts';
import { replay } from './replay.ts';
import { intervalsMs, type Session, type SessionOptions } from './session.ts';
import { writeFirst } from './write-session.ts';

/** Continues from the last checkpoint, or from the end of the table where no rule has been evaluated. @throws StorageError */
export async function openSession(options: SessionOptions, { fence, progress }: Lease): Promise<Session> {
  const { following, types, listRules, maxClockSkewMs } = options;
  const evaluators = createEvaluators({ names: await findSensorNames(following), maxClockSkewMs });
  const rules = await listRules();
  const totals = progress?.checkpoint.totals ?? (await listPresentTotals(following));
  const rejections = createRejectionCounter(totals);
  if (progress) {
    // A rule that was made since then begins at the present position.
    const known = new Set(progress.checkpoint.rules);
    const before = rules.filter(({ key }) => known.has(key));
    evaluators.setRules(types.list(), before);
    await restore(options, { fence, progress, evaluators, rejections });
  }
  const replayed = evaluators.takeChanges();
  evaluators.setRules(types.list(), rules);
  const session: Session = {
    ...{ options, fence, evaluators, rejections, inputs: [], readings: 0, states: '' },
    reader: createOwnArrivalReader(
      following,
      progress?.position ?? (await findTail(following)),
      options.ownArrivals,
    ),
    writer: createIncidentWriter(options, []),
    due: createDueTimes(intervalsMs),
  };
  await writeFirst(session, replayed);
  return session;
}

interface RestoreOptions {
  fence: number;
  progress: Progress;
  evaluators: Evaluators;
  rejections: RejectionCounter;
}

async function restore({ pool, following }: SessionOptions, options: RestoreOptions): Promise<void> {
  const { fence, progress, evaluators, rejections } = options;
  const renew = () => inLease(pool, fence, async () => undefined);
  for await (const { type, state } of readCheckpoint(following)) evaluators.restore(type, state);
  await replay({ pool: following, progress, evaluators, rejections, renew });
}

/** By key, of all types. */
async function findSensorNames(pool: Pool): Promise<Map<number, string>> {
  const rows = await selectRows<{ id: number; name: string }>(pool, { sql: 'SELECT id, name FROM sensors' });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
