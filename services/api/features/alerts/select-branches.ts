import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { type Condition, toWhere } from '../../storage/where.ts';

const branchesPerStatement = 200;

interface Branch {
  sensorId: string;
  prediction: 0 | 1;
  conditions: readonly Condition[];
}

/** In both indexes the readings of one sensor and one prediction are one stretch: in the order of time, or of arrival. */
type BranchIndex = 'readings_sensor_prediction_timestamp' | 'readings_sensor_prediction_seq';

/** A question about a stretch; its columns, and what follows the conditions. */
export interface BranchQuestion {
  index?: BranchIndex;
  columns: string;
  rest?: string;
}

function toBranch(
  { index = 'readings_sensor_prediction_timestamp', columns, rest = '' }: BranchQuestion,
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

/**
 * Asks the same of many stretches. Each is written out, since of a condition that names another table's column the
 * servers would use no more than the sensor, and look through all of its readings.
 */
export async function selectBranches<Row>(
  pool: Pool,
  question: BranchQuestion,
  branches: readonly Branch[],
): Promise<(Row & { branch: number })[]> {
  const rows: (Row & { branch: number })[] = [];
  for (let start = 0; start < branches.length; start += branchesPerStatement) {
    const parts = branches
      .slice(start, start + branchesPerStatement)
      .map((branch, offset) => toBranch(question, branch, start + offset));
    const sql = parts.map((part) => part.sql).join(' UNION ALL ');
    const values = parts.flatMap((part) => part.values);
    rows.push(...(await selectRows<Row & { branch: number }>(pool, { sql, values })));
  }
  return rows;
}
