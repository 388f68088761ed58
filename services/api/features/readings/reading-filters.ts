import type { ReadingsSelection } from '@sensor-sentinel/contracts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { type Condition, ofSensors } from '../../storage/where.ts';

export const rangedColumns = ['temperature', 'humidity', 'sound_volume', 'score'] as const;
export type RangedColumn = (typeof rangedColumns)[number];

/** The conditions of the filters `…_min` and `…_max` of a column. */
export function rangeConditions(selection: ReadingsSelection, column: RangedColumn): Condition[] {
  return [
    ...given(`${column} >= ?`, selection[`${column}_min`]),
    ...given(`${column} <= ?`, selection[`${column}_max`]),
  ];
}

/** The conditions of the time window alone. */
export function timeConditions({ from, to }: ReadingsSelection): Condition[] {
  return [
    ...given('timestamp >= ?', from && toSqlTimestamp(from)),
    ...given('timestamp < ?', to && toSqlTimestamp(to)),
  ];
}

/** Conditions on time window, sensors and prediction. Every index of `readings` has these columns. */
export function commonConditions(selection: ReadingsSelection): Condition[] {
  return [
    ...timeConditions(selection),
    ...ofSensors(selection.sensor_id),
    ...given('prediction = ?', selection.prediction),
  ];
}

/** The columns that the selection limits to a range. */
export function listRangedColumns(selection: ReadingsSelection): RangedColumn[] {
  return rangedColumns.filter((column) => rangeConditions(selection, column).length > 0);
}

/** The conditions of all filters. */
export function allConditions(selection: ReadingsSelection): Condition[] {
  const ranges = rangedColumns.flatMap((column) => rangeConditions(selection, column));
  return [...commonConditions(selection), ...ranges];
}

function given(sql: string, value: unknown): Condition[] {
  return value === undefined ? [] : [{ sql, values: [value] }];
}
