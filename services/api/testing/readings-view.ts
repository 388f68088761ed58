import { climateType } from '@sensor-sentinel/contracts';
import type { Connection } from 'mysql2/promise';

const featureNames = climateType.features.map(({ name }) => name);

const features = featureNames.map(
  (name, index) => `CAST(JSON_EXTRACT(readings.features, '$[${index}]') AS DOUBLE) AS ${name}`,
);

/** Creates the view `named_readings`: the stored readings with names and a column for each feature. */
export async function createReadingsView(admin: Pick<Connection, 'query'>): Promise<void> {
  await admin.query(`CREATE VIEW named_readings AS SELECT readings.seq, readings.id, sensors.name AS sensor_id,
    readings.timestamp, readings.received_at, ${features.join(', ')}, readings.prediction, readings.score,
    models.name AS model FROM readings JOIN sensors ON sensors.id = readings.sensor
    LEFT JOIN models ON models.id = readings.model`);
}
