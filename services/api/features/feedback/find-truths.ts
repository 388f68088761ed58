import type { Truth, TruthQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId } from '../../storage/sql-values.ts';

type TruthRow = Omit<Truth, 'id'> & { id: Buffer };

const sql = 'SELECT id, label, source, decided_at FROM truths WHERE id IN (?)';

/** Of those that are known, in the order of their ids. */
export async function findTruths(pool: Pool, { id: ids }: TruthQuery): Promise<Truth[]> {
  if (ids.length === 0) return [];
  const rows = await selectRows<TruthRow>(pool, { sql: `${sql} ORDER BY id`, values: [ids.map(toSqlId)] });
  return rows.map(({ id, label, source, decided_at }) => ({
    id: fromSqlId(id),
    label,
    source,
    decided_at: fromSqlTimestamp(decided_at),
  }));
}
