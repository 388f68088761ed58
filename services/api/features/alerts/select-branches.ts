import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type Condition, toWhere } from '../../storage/where.ts';

const branchesPerStatement = 200;

/** Readings or anomalies of one sensor: one range of the index. */
interface Branch {
  /** The key of the sensor. */
  sensor: number;
  conditions: readonly Condition[];
}

interface BranchQuery {
  table: 'readings' | 'anomalies';
  columns: string;
  /** Follows the WHERE clause. */
  rest?: string;
}

/**
 * Runs the same query on each branch, as a UNION. A join with a table of branches would be slower: for a condition on
 * columns of another table, the servers use only the sensor of the index, and read all readings of each sensor.
 */
export async function selectBranches<Row>(
  pool: Pool,
  query: BranchQuery,
  branches: readonly Branch[],
): Promise<(Row & { branch: number })[]> {
  const rows: (Row & { branch: number })[] = [];
  for (let start = 0; start < branches.length; start += branchesPerStatement) {
    const selects = branches
      .slice(start, start + branchesPerStatement)
      .map((branch, offset) => toSelect(query, branch, start + offset));
    const sql = selects.map((select) => select.sql).join(' UNION ALL ');
    const values = selects.flatMap((select) => select.values);
    rows.push(...(await selectRows<Row & { branch: number }>(pool, { sql, values })));
  }
  return rows;
}

function toSelect(
  { table, columns, rest = '' }: BranchQuery,
  { sensor, conditions }: Branch,
  branch: number,
): Condition {
  const { sql, values } = toWhere([{ sql: 'sensor = ?', values: [sensor] }, ...conditions]);
  return {
    sql: `(SELECT ${branch} AS branch, ${columns} FROM ${table} FORCE INDEX (${table}_sensor_timestamp) ${sql} ${rest})`,
    values,
  };
}
