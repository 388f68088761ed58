import { selectRows } from '../../storage/connection.ts';
import { toWhere } from '../../storage/where.ts';
import { conditionsOf, type SeriesRow, type SeriesSelection, seriesColumns } from './series-selection.ts';

const [minAnomalies, maxAnomalies] = [50, 300];
/** The marks of a chart do not outnumber its points. */
const anomaliesPerPoint = 0.3;

/** The largest number of anomalies in a series that leaves out readings. */
export function toMostAnomalies(points: number): number {
  return Math.min(maxAnomalies, Math.max(minAnomalies, Math.ceil(points * anomaliesPerPoint)));
}

/** Where there are more, the first anomaly of each part stands for it: to compare scores, all would be read. */
const maxCompared = 20_000;

/**
 * All anomalies of the range, in order of time. If there are more than 300, one of each of 300 equal parts of the range: that
 * with the highest score.
 * @param count the number of anomalies in the range
 * @throws StorageError
 */
export function listTopAnomalies(series: SeriesSelection, count: number): Promise<SeriesRow[]> {
  const most = toMostAnomalies(series.query.points);
  if (count === 0) return Promise.resolve([]);
  const parts = count <= most ? 1 : most;
  const limit = count <= most ? most : 1;
  const order = count <= maxCompared ? 'score DESC, seq' : 'timestamp, seq';
  const partMs = Math.ceil((series.range.toMs - series.range.fromMs) / parts);
  const selects = Array.from({ length: parts }, (_, part) => {
    const fromMs = series.range.fromMs + part * partMs;
    const range = { fromMs, toMs: Math.min(fromMs + partMs, series.range.toMs) };
    const { sql, values } = toWhere(conditionsOf('anomalies', { ...series, range }));
    return { sql: `(SELECT seq FROM anomalies ${sql} ORDER BY ${order} LIMIT ${limit})`, values };
  });
  return selectRows<SeriesRow>(series.pool, {
    sql: `SELECT ${seriesColumns} FROM (${selects.map(({ sql }) => sql).join(' UNION ALL ')}) AS top
      STRAIGHT_JOIN readings ON readings.seq = top.seq ORDER BY readings.timestamp, readings.seq`,
    values: selects.flatMap(({ values }) => values),
  });
}
