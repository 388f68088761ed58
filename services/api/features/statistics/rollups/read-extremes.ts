import type { Select } from '../../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTime } from '../../../storage/sql-values.ts';
import type { Values } from '../../types/sensor-type.ts';
import type { Range } from '../window-plan.ts';
import { type Extremes, maxEntries, mergeExtremes, noExtremes, toExtremes } from './extremes.ts';

export interface TypeRange extends Range {
  /** The key of the type. */
  type: number;
}

interface Row {
  seq: number;
  timestamp: string;
  /** JSON */
  features: string;
  score: number | null;
}

/** Bounds the memory, and how long other work of the process waits. */
const readingsPerSelect = 2000;

/** The lists of all stored readings of a type in a range, with at most `maxEntries` entries each. */
export async function readExtremes(select: Select, { type, fromMs, toMs }: TypeRange): Promise<Extremes> {
  let extremes = noExtremes;
  let after: Pick<Row, 'timestamp' | 'seq'> = { timestamp: toSqlTime(fromMs), seq: 0 };
  for (;;) {
    const rows = await select<Row>({
      sql: `SELECT seq, timestamp, features, score FROM readings FORCE INDEX (readings_type_timestamp)
        WHERE type = ? AND timestamp >= ? AND timestamp < ? AND (timestamp > ? OR seq > ?)
        ORDER BY timestamp, seq LIMIT ${readingsPerSelect}`,
      values: [type, after.timestamp, toSqlTime(toMs), after.timestamp, after.seq],
    });
    const readings = rows.map(({ seq, timestamp, features, score }) => ({
      seq,
      timestamp: fromSqlTimestamp(timestamp),
      values: JSON.parse(features) as Values, // only the API writes it
      score,
    }));
    extremes = mergeExtremes([extremes, toExtremes(readings)], maxEntries);
    const last = rows.at(-1);
    if (last === undefined || rows.length < readingsPerSelect) return extremes;
    after = last;
  }
}
