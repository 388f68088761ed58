import { fromSqlTimestamp } from '../../../storage/sql-values.ts';

/** Up to where retention has removed readings, minutes and hours, as `retention_horizons` has it. */
export interface HorizonColumns {
  readings_before: string | null;
  minutes_before: string | null;
  hours_before: string | null;
}

export const horizonColumns = 'readings_before, minutes_before, hours_before';

function toMs(before: string | null): number {
  return before === null ? -Infinity : Date.parse(fromSqlTimestamp(before));
}

/** In milliseconds; -Infinity where nothing was removed. */
export function toHorizons({ readings_before, minutes_before, hours_before }: HorizonColumns) {
  return { readings: toMs(readings_before), minutes: toMs(minutes_before), hours: toMs(hours_before) };
}
