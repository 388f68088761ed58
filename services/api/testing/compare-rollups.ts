import { featureNames } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { expect } from 'vitest';
import { selectRows } from '../storage/connection.ts';

type Aggregate = Record<string, string | number>;

const formats = { readings_minute: '%Y-%m-%d %H:%i:00', readings_hour: '%Y-%m-%d %H:00:00' };
const bins = Array.from({ length: 20 }, (_, bin) => bin);
const toBinName = (bin: number) => `bin_${String(bin).padStart(2, '0')}`;

const exact = ['count', 'anomalies', ...bins.map(toBinName)];

const aggregatesOfRows = [
  'COUNT(*) AS count, SUM(prediction) + 0e0 AS anomalies',
  ...featureNames.flatMap((name) => [
    `AVG(${name}) AS ${name}_mean, VAR_POP(${name}) * COUNT(*) AS ${name}_deviations`,
    `MIN(${name}) AS ${name}_min, MAX(${name}) AS ${name}_max`,
  ]),
  ...bins.map((bin) => `SUM(LEAST(FLOOR(score * 20), 19) = ${bin}) + 0e0 AS ${toBinName(bin)}`),
].join(', ');

const parts = [
  ...exact,
  ...featureNames.map((name) => `${name}_mean, ${name}_deviations, ${name}_min, ${name}_max`),
].join(', ');

/** Merges the shards; squared deviations are taken around the mean of all shards. */
const aggregatesOfShards = [
  ...exact.map((column) => `SUM(${column}) + 0e0 AS ${column}`),
  ...featureNames.flatMap((name) => {
    const mean = `SUM(${name}_mean * count) / SUM(count)`;
    const between = `SUM(count * POW(${name}_mean, 2)) - SUM(count) * POW(${mean}, 2)`;
    return [
      `${mean} AS ${name}_mean, SUM(${name}_deviations) + ${between} AS ${name}_deviations`,
      `MIN(${name}_min) AS ${name}_min, MAX(${name}_max) AS ${name}_max`,
    ];
  }),
].join(', ');

function isClose(a: unknown, b: unknown, scale: number): boolean {
  return Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.max(Math.abs(scale), 1);
}

function expectSame(found: Aggregate | undefined, expected: Aggregate): void {
  for (const column of exact) expect([column, found?.[column]]).toEqual([column, Number(expected[column])]);
  for (const name of featureNames) {
    for (const part of ['min', 'max'])
      expect(found?.[`${name}_${part}`]).toBe(Number(expected[`${name}_${part}`]));
    const squares = Number(expected.count) * Number(expected[`${name}_mean`]) ** 2;
    for (const [column, scale] of [
      [`${name}_mean`, Number(expected[`${name}_mean`])],
      [`${name}_deviations`, squares],
    ] as const) {
      const isSame = isClose(found?.[column], expected[column], scale);
      expect([column, found?.[column], isSame]).toEqual([column, expect.anything(), true]);
    }
  }
}

/**
 * Compares every bucket of both rollup tables, including deltas that are not folded yet, with aggregates that SQL
 * computes from the readings. Returns the number of buckets.
 */
export async function expectRollupsToEqualRows(pool: Pool): Promise<number> {
  let buckets = 0;
  for (const [table, format] of Object.entries(formats)) {
    const bucket = `DATE_FORMAT(timestamp, '${format}')`;
    const groups = ['sensor_id', "''"].map(
      (sensor) =>
        `SELECT ${sensor} AS sensor, ${bucket} AS start, ${aggregatesOfRows} FROM readings GROUP BY 1, 2`,
    );
    const expected = await selectRows<Aggregate>(pool, { sql: groups.join(' UNION ALL ') });
    const delta = `DATE_FORMAT(bucket, '${format}') AS bucket, ${parts} FROM rollup_deltas`;
    const sql = `SELECT sensor_id AS sensor, bucket AS start, ${aggregatesOfShards} FROM
      (SELECT sensor_id, DATE_FORMAT(bucket, '${format}') AS bucket, ${parts} FROM ${table}
      UNION ALL SELECT sensor_id, ${delta} UNION ALL SELECT '', ${delta}) AS parts GROUP BY 1, 2`;
    const found = await selectRows<Aggregate>(pool, { sql });
    const byKey = new Map(found.map((row) => [`${row.sensor} ${row.start}`, row]));
    for (const row of expected) expectSame(byKey.get(`${row.sensor} ${row.start}`), row);
    expect(found).toHaveLength(expected.length);
    buckets += found.length;
  }
  return buckets;
}
