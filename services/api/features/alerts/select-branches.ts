import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type Condition, toWhere } from '../../storage/where.ts';

const branchesPerStatement = 200;

/** Readings of one sensor with one prediction: one range of the index. */
interface Branch {
  sensorId: string;
  prediction: 0 | 1;
  conditions: readonly Condition[];
}

interface BranchQuery {
  /** Orders the range by time, or by arrival. */
  index?: 'readings_sensor_prediction_timestamp' | 'readings_sensor_prediction_seq';
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
  { index = 'readings_sensor_prediction_timestamp', columns, rest = '' }: BranchQuery,
  { sensorId, prediction, conditions }: Branch,
  branch: number,
): Condition {
  const ofSensor = { sql: 'sensor_id = ? AND prediction = ?', values: [sensorId, prediction] };
  const { sql, values } = toWhere([ofSensor, ...conditions]);
  return {
    sql: `(SELECT ${branch} AS branch, ${columns} FROM readings FORCE INDEX (${index}) ${sql} ${rest})`,
    values,
  };
}
