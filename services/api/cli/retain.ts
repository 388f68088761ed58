import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { removeExpiredIncidents } from '../features/incidents/remove-incidents.ts';
import { removeExpired } from '../features/statistics/retention/retention.ts';
import {
  findRetentionDatabaseUrl,
  retentionSchema,
} from '../features/statistics/retention/retention-config.ts';
import { createAdminConnection } from '../storage/admin-connection.ts';
import { toReason, withoutEmpty } from './admin-config.ts';
import { loadEnvironment } from './load-environment.ts';

const intervalMs = 3_600_000;
const retryMs = 60_000;
const stepRows = 2000;
const pauseMs = 50;

loadEnvironment();

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString()}  ${line}\n`);
}

/** Runs one retention pass on a new connection. */
async function removeOnce(databaseUrl: string, limits: z.infer<typeof retentionSchema>): Promise<void> {
  const connection = await createAdminConnection(databaseUrl);
  try {
    const pause = () => delay(pauseMs);
    const now = new Date();
    const removed = await removeExpired(connection, { limits, now, stepRows, pause });
    if (removed === undefined) say('another retention process is running: nothing to do');
    else {
      const { readings, rollups_minute, rollups_hour } = removed;
      say(`removed ${readings} readings, ${rollups_minute} minute rollups and ${rollups_hour} hour rollups`);
      const before = new Date(now.getTime() - limits.RETENTION_INCIDENTS);
      say(`removed ${await removeExpiredIncidents(connection, { before, stepRows, pause })} incidents`);
    }
  } finally {
    connection.destroy();
  }
}

async function retain(): Promise<void> {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  const environment = withoutEmpty(process.env);
  const limits = retentionSchema.parse(environment);
  const databaseUrl = findRetentionDatabaseUrl(environment);
  if (values.once) return removeOnce(databaseUrl, limits);
  say('retention is running');
  for (;;) {
    try {
      await removeOnce(databaseUrl, limits);
      await delay(intervalMs);
    } catch (error) {
      say(`cannot remove expired rows: ${toReason(error)}`);
      await delay(retryMs);
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

try {
  await retain();
} catch (error) {
  process.stderr.write(`Retention failed: ${toReason(error)}\n`);
  process.exit(1);
}
