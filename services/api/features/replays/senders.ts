import type { SenderLoad } from '@sensor-sentinel/contracts';
import type { Transaction } from '../../storage/connection.ts';
import { leaseAgo } from './lease-time.ts';
import { noOutcomes, outcomeColumns, toOutcomeValues } from './outcomes.ts';

const loadColumns = ['offered_per_second', 'accepted_per_second', 'shed', 'p50_ms', 'p99_ms'] as const;

const loadUpdates = loadColumns.map((column) => `${column} = VALUES(${column})`).join(', ');

export interface Heard {
  replayId: Buffer;
  sender: string;
  /** Undefined: as it was. */
  load?: SenderLoad | undefined;
}

/** Notes that a sender is there; answers how many are. */
export async function hearSender(
  { select, change }: Transaction,
  { replayId, sender, load }: Heard,
): Promise<number> {
  const sql = `INSERT INTO replay_senders
    (replay_id, sender, ${loadColumns.join(', ')}, first_seen, last_seen, ${outcomeColumns})
    VALUES (?, ?, ?, NOW(3), NOW(3), ?)
    ON DUPLICATE KEY UPDATE last_seen = VALUES(last_seen)${load ? `, ${loadUpdates}` : ''}`;
  const loads = loadColumns.map((column) => load?.[column] ?? null);
  await change({ sql, values: [replayId, sender, loads, toOutcomeValues(noOutcomes)] });
  const activeSql = `SELECT COUNT(*) AS senders FROM replay_senders WHERE replay_id = ? AND last_seen > ${leaseAgo}`;
  const [row] = await select<{ senders: number }>({ sql: activeSql, values: [replayId] });
  return Math.max(1, row?.senders ?? 0);
}
