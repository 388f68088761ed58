import type { StoredReading } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { type ReadingRow, readingColumns, toStoredReading } from './reading-row.ts';

export async function findReadingsByIds(pool: Pool, ids: readonly string[]): Promise<StoredReading[]> {
  const sql = `SELECT ${readingColumns} FROM readings WHERE id IN (?)`;
  const rows = await selectRows<ReadingRow>(pool, { sql, values: [ids.map(toSqlId)] });
  return rows.map(toStoredReading);
}
