import { parseArgs } from 'node:util';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { type FeedbackFault, verifyFeedback } from '../features/feedback/verify-feedback.ts';
import { type RollupFault, verifyRollups } from '../features/statistics/rollups/verify-rollups.ts';
import { createAdminConnection } from '../storage/admin-connection.ts';
import { allSensors } from '../storage/keys.ts';
import {
  adminVariables,
  mysqlUrl,
  readSecret,
  toReason,
  withoutEmpty,
  withPassword,
} from './admin-config.ts';
import { loadEnvironment } from './load-environment.ts';

loadEnvironment();

const variables = z.object({
  DATABASE_ADMIN_URL: adminVariables.DATABASE_ADMIN_URL.optional(),
  DATABASE_ADMIN_PASSWORD_FILE: adminVariables.DATABASE_ADMIN_PASSWORD_FILE,
  DATABASE_URL: mysqlUrl.optional(),
  DATABASE_PASSWORD: z.string().min(1).optional(),
  DATABASE_PASSWORD_FILE: z.string().min(1).optional(),
});

/** Prefers the admin account. The API's account is sufficient without repairs. */
function findDatabaseUrl(isRepairing: boolean): string {
  const given = variables.parse(withoutEmpty(process.env));
  if (given.DATABASE_ADMIN_URL !== undefined) {
    return withPassword(given.DATABASE_ADMIN_URL, readSecret(given.DATABASE_ADMIN_PASSWORD_FILE));
  }
  if (isRepairing) throw new Error('set DATABASE_ADMIN_URL: --repair needs an account that may delete rows');
  if (given.DATABASE_URL === undefined) throw new Error('set DATABASE_ADMIN_URL or DATABASE_URL');
  return withPassword(
    given.DATABASE_URL,
    readSecret(given.DATABASE_PASSWORD_FILE) ?? given.DATABASE_PASSWORD,
  );
}

interface Names {
  types: ReadonlyMap<number, string>;
  sensors: ReadonlyMap<number, string>;
}

function toText(fault: RollupFault | FeedbackFault, { types, sensors }: Names): string {
  const { type, sensor, bucket, what } = fault;
  const ofType = `of type ${types.get(type) ?? `with key ${type}`}`;
  const name = sensors.get(sensor) ?? `with key ${sensor}`;
  const table = 'table' in fault ? fault.table : 'feedback of hour';
  const level = table.replace('rollups_', '').replace('extremes_', 'extremes of ');
  return `${sensor === allSensors ? 'all sensors' : `sensor ${JSON.stringify(name)}`} ${ofType}, ${level} ${bucket}: ${what.join(', ')}`;
}

async function findNames(
  connection: Connection,
  table: 'sensor_types' | 'sensors',
): Promise<Map<number, string>> {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT id, name FROM ${table}`);
  return new Map(rows.map(({ id, name }) => [Number(id), String(name)]));
}

async function verify(): Promise<boolean> {
  const { values } = parseArgs({ options: { repair: { type: 'boolean', default: false } } });
  const connection = await createAdminConnection(findDatabaseUrl(values.repair));
  const names = {
    types: await findNames(connection, 'sensor_types'),
    sensors: await findNames(connection, 'sensors'),
  };
  const onFault = (fault: RollupFault | FeedbackFault) => process.stdout.write(`${toText(fault, names)}\n`);
  try {
    const options = { isRepairing: values.repair, onFault };
    const readings = await verifyRollups(connection, options);
    const feedback = await verifyFeedback(connection, options);
    const faults = readings.faults + feedback.faults;
    const repaired = readings.repaired + feedback.repaired;
    process.stdout.write(
      `${readings.buckets} rollups compared with their readings, ${readings.hoursWithoutReadings} hours without readings, ` +
        `${feedback.hours} hours compared with their feedback, ${faults} faults, ${repaired} repaired\n`,
    );
    return faults === repaired;
  } finally {
    connection.destroy();
  }
}

try {
  process.exitCode = (await verify()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`Verification failed: ${toReason(error)}\n`);
  process.exitCode = 2;
}
