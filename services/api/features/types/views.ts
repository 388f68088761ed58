import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { change, selectRows } from '../../storage/connection.ts';
import { toViewsDatabase } from '../../storage/views-database.ts';
import { toValueSql } from '../readings/reading-row.ts';
import type { LoadedType } from './sensor-type.ts';

/**
 * Creates or replaces the view of a type, for people who query the readings with SQL or Grafana: id, sensor_id, timestamp,
 * one column per feature, prediction, score and model. @throws StorageError
 */
async function writeView(pool: Pool, type: LoadedType): Promise<void> {
  const [database] = await selectRows<{ name: string }>(pool, { sql: 'SELECT DATABASE() AS name' });
  if (database === undefined) throw new Error('no database is selected');
  const columns = type.featureNames.map((name, index) => `${toValueSql(index)} AS ${quote(name)}`);
  const id = `INSERT(INSERT(INSERT(INSERT(LOWER(HEX(readings.id)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')`;
  const tables = quote(database.name);
  await change(pool, {
    sql: `CREATE OR REPLACE SQL SECURITY DEFINER VIEW ${quote(toViewsDatabase(database.name))}.${quote(type.name)} AS
      SELECT ${id} AS id, sensors.name AS sensor_id, readings.timestamp, ${columns.join(', ')},
        readings.prediction, readings.score, models.name AS model
      FROM ${tables}.readings AS readings JOIN ${tables}.sensors AS sensors ON sensors.id = readings.sensor
        LEFT JOIN ${tables}.models AS models ON models.id = readings.model
      WHERE readings.type = ${type.id}`,
  });
}

/** Quotes an identifier. */
function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** @throws StorageError */
export async function dropView(pool: Pool, typeName: string): Promise<void> {
  const [database] = await selectRows<{ name: string }>(pool, { sql: 'SELECT DATABASE() AS name' });
  if (database === undefined) return;
  await change(pool, {
    sql: `DROP VIEW IF EXISTS ${quote(toViewsDatabase(database.name))}.${quote(typeName)}`,
  });
}

interface ViewsOptions {
  pool: Pool;
  log: Logger;
  list: () => readonly LoadedType[];
}

/** Keeps the views equal to the types: each type is written once when it is new or changed. Never rejects. */
export function createViewWriter({ pool, log, list }: ViewsOptions): () => Promise<void> {
  const written = new WeakSet<LoadedType>();
  let isFailing = false;
  return async () => {
    for (const type of list()) {
      if (written.has(type)) continue;
      try {
        await writeView(pool, type);
        written.add(type);
        isFailing = false;
      } catch (err) {
        if (!isFailing) log.warn({ err, type: type.name }, 'the view of a type cannot be written; retrying');
        isFailing = true;
      }
    }
  };
}
