import { join } from 'node:path';
import { loadArtifact } from '@sensor-sentinel/model';
import { drawLabelledReadings } from '@sensor-sentinel/model/training';
import type { Connection } from 'mysql2/promise';
import { benchModelName } from '../system/http-server.ts';

export const templateRows = 20_000;

const anomalyShare = 0.05;
const rowsPerInsert = 5000;
const artifact = join(import.meta.dirname, `../../model/artifacts/${benchModelName}.json`);

const createSql = `CREATE TABLE bench_template (
  n INT NOT NULL PRIMARY KEY, temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL,
  sound_volume DOUBLE NOT NULL, prediction TINYINT NOT NULL, score DOUBLE NOT NULL) ENGINE = InnoDB`;

/** Scored readings of which one in twenty is an anomaly, as a healthy system has them. */
async function drawScoredReadings(): Promise<number[][]> {
  const { pipeline } = await loadArtifact(artifact);
  const { features } = drawLabelledReadings({ rows: templateRows * 2, seed: 4 });
  const normal: number[][] = [];
  const anomalous: number[][] = [];
  for (let row = 0; row < features.rows; row++) {
    const values = features.values.subarray(row * features.columns, (row + 1) * features.columns);
    const score = pipeline.score(values);
    const prediction = pipeline.toPrediction(score);
    (prediction === 1 ? anomalous : normal).push([...values, prediction, score]);
  }
  const every = Math.round(1 / anomalyShare);
  return Array.from({ length: templateRows }, (_, n) => {
    const drawn = n % every === 0 ? anomalous : normal;
    return [n, ...(drawn[n % drawn.length] ?? [])];
  });
}

/** The table `bench_template`, of which readings are made inside the server. */
export async function createTemplate(connection: Connection): Promise<void> {
  await connection.query(createSql);
  const rows = await drawScoredReadings();
  for (let start = 0; start < rows.length; start += rowsPerInsert)
    await connection.query('INSERT INTO bench_template VALUES ?', [rows.slice(start, start + rowsPerInsert)]);
}
