import { featureNames } from '@sensor-sentinel/contracts';
import type { Statement } from '../../../storage/connection.ts';
import { toSqlTimestamp } from '../../../storage/sql-values.ts';
import type { Lateness } from '../../sensors/lateness.ts';
import { binColumns, type Rollup } from './rollup.ts';

const fixedColumns = [
  ...['sensor_id', 'bucket', 'count', 'anomalies'],
  ...featureNames.flatMap((name) => [`${name}_mean`, `${name}_deviations`, `${name}_min`, `${name}_max`]),
  ...['late', 'newest'],
];

/** Appends what a commit adds, by sensor and minute; what is late of a sensor is told with its first minute. */
export function toDeltaStatement(minutes: readonly Rollup[], lateness: readonly Lateness[]): Statement {
  const ofSensors = new Map(lateness.map((sensor) => [sensor.sensorId, sensor]));
  const bins = binColumns.flatMap((column, bin) =>
    minutes.some((minute) => minute.bins[bin] !== 0) ? [{ column, bin }] : [],
  );
  const told = new Set<string>();
  const rows = minutes.map((minute) => {
    const { sensor_id, bucket, count, anomalies, features } = minute;
    const { late = 0, newestMs } = ofSensors.get(sensor_id) ?? {};
    const newest = newestMs === undefined ? bucket : toSqlTimestamp(new Date(newestMs).toISOString());
    const values = featureNames.flatMap((name) => {
      const { mean, deviations, min, max } = features[name];
      return [mean, deviations, min, max];
    });
    const isFirst = !told.has(sensor_id);
    told.add(sensor_id);
    const counts = bins.map(({ bin }) => minute.bins[bin]);
    return [sensor_id, bucket, count, anomalies, ...values, isFirst ? late : 0, newest, ...counts];
  });
  const columns = [...fixedColumns, ...bins.map(({ column }) => column)].join(', ');
  return { sql: `INSERT INTO rollup_deltas (${columns}) VALUES ?`, values: [rows] };
}
