import type { Select } from '../../../storage/connection.ts';
import { toSqlTime } from '../../../storage/sql-values.ts';
import { type Condition, rangeConditions, toWhere } from '../../../storage/where.ts';
import type { Range } from '../../statistics/window-plan.ts';
import type { PreviewRow } from './reading-columns.ts';

/** Which readings of a type are read, and what of them. */
export interface PagesQuery {
  /** The key of the type. */
  type: number;
  /** The keys of sensors; undefined: all sensors. */
  sensors: readonly number[] | undefined;
  range: Range;
  /** The index of the feature whose values are read; null: none. */
  place: number | null;
  hasFeedback: boolean;
}

const rowsPerPage = 5000;
/** For how many readings at a time the first and the last `seq` are looked up, well within the time limit of a statement. */
const readingsPerBounds = 2_000_000;

/** The readings by sensor and time. The order of `seq` is left to the caller. */
export async function* selectPagesByTime(select: Select, query: PagesQuery): AsyncGenerator<PreviewRow[]> {
  for (const sensor of query.sensors ?? [undefined]) {
    const [index, of] =
      sensor === undefined
        ? ['readings_type_timestamp', { sql: 'readings.type = ?', values: [query.type] }]
        : ['readings_sensor_timestamp', { sql: 'readings.sensor = ?', values: [sensor] }];
    let after = { timestamp: toSqlTime(query.range.fromMs), seq: 0 };
    for (;;) {
      const { timestamp, seq } = after;
      const sql = '(readings.timestamp > ? OR readings.seq > ?)';
      const rest = rangeConditions('readings.timestamp', query.range).slice(1);
      const from = { sql: 'readings.timestamp >= ?', values: [timestamp] };
      const where = toWhere([of, from, ...rest, { sql, values: [timestamp, seq] }]);
      const rows = await select<PreviewRow>({
        sql: `${toSelect(query, index)} ${where.sql} ORDER BY readings.timestamp, readings.seq LIMIT ${rowsPerPage}`,
        values: where.values,
      });
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsPerPage) break;
      after = last;
    }
  }
}

/**
 * The readings in the order of `seq`, in constant memory, from the rows of all sensors and types that arrived between the first and
 * the last of them. `count` says about how many there are.
 */
export async function* selectPagesBySeq(
  select: Select,
  query: PagesQuery,
  count: number,
): AsyncGenerator<PreviewRow[]> {
  const { first, last } = await findSeqBounds(select, query, Math.ceil(count / readingsPerBounds));
  for (let start = first; start <= last; start += rowsPerPage) {
    const page = { sql: 'readings.seq >= ? AND readings.seq < ?', values: [start, start + rowsPerPage] };
    const where = toWhere([page, ...toConditions(query, query.range)]);
    const sql = `${toSelect(query, 'PRIMARY')} ${where.sql} ORDER BY readings.seq`;
    yield await select<PreviewRow>({ sql, values: where.values });
  }
}

function toSelect({ place, hasFeedback }: PagesQuery, index: string): string {
  const value = place === null ? 'NULL' : `JSON_VALUE(readings.features, '$[${place}]')`;
  return `SELECT readings.seq, readings.sensor, readings.timestamp, readings.received_at, readings.prediction,
    readings.score, ${value} AS value, ${hasFeedback ? 'feedback.label' : 'NULL'} AS label
    FROM readings FORCE INDEX (${index})
    ${hasFeedback ? 'LEFT JOIN feedback ON feedback.id = readings.id' : ''}`;
}

function toConditions({ type, sensors }: PagesQuery, range: Range): Condition[] {
  const ofSensors = sensors ? [{ sql: 'readings.sensor IN (?)', values: [sensors] }] : [];
  const ofType = { sql: 'readings.type = ?', values: [type] };
  return [ofType, ...ofSensors, ...rangeConditions('readings.timestamp', range)];
}

/** The lowest and the highest `seq`, found in an index, in equal parts of the range. */
async function findSeqBounds(select: Select, query: PagesQuery, parts: number) {
  const { fromMs, toMs } = query.range;
  const startOf = (part: number) => Math.round(fromMs + ((toMs - fromMs) * part) / parts);
  const index = query.sensors ? 'readings_sensor_timestamp' : 'readings_type_timestamp';
  let [first, last] = [Infinity, -Infinity];
  for (let part = 0; part < parts; part++) {
    const range = { fromMs: startOf(part), toMs: startOf(part + 1) };
    const where = toWhere(toConditions(query, range));
    const [bounds] = await select<{ first: number | null; last: number | null }>({
      sql: `SELECT MIN(readings.seq) AS first, MAX(readings.seq) AS last
        FROM readings FORCE INDEX (${index}) ${where.sql}`,
      values: where.values,
    });
    first = Math.min(first, bounds?.first ?? Infinity);
    last = Math.max(last, bounds?.last ?? -Infinity);
  }
  return { first, last };
}
