import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { config as loadDotenv } from 'dotenv';
import { z } from 'zod';
import { removeExpired } from '../features/statistics/retention/retention.ts';
import {
  findRetentionDatabaseUrl,
  isEverythingKept,
  retentionSchema,
} from '../features/statistics/retention/retention-config.ts';
import { createAdminConnection } from '../storage/admin-connection.ts';
import { withoutEmpty } from './admin-config.ts';

const intervalMs = 3_600_000;
const retryMs = 60_000;
const stepRows = 2000;
const pauseMs = 50;

loadDotenv({ quiet: true });

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString()}  ${line}\n`);
}

function toReason(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message || String(error) : String(error);
}

/** One pass over a connection of its own. */
async function removeOnce(databaseUrl: string, limits: z.infer<typeof retentionSchema>): Promise<void> {
  const connection = await createAdminConnection(databaseUrl);
  try {
    const pause = () => delay(pauseMs);
    const removed = await removeExpired(connection, { limits, now: new Date(), stepRows, pause });
    if (removed === undefined) say('another process is removing what is too old');
    else {
      const { readings, readings_minute, readings_hour } = removed;
      say(`removed ${readings} readings, ${readings_minute} minutes and ${readings_hour} hours`);
    }
  } finally {
    connection.destroy();
  }
}

async function retain(): Promise<void> {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  const environment = withoutEmpty(process.env);
  const limits = retentionSchema.parse(environment);
  if (isEverythingKept(limits)) {
    say('everything is kept: neither RETENTION_RAW nor another limit is set');
    // Idle rather than gone, so that what supervises it does not start it again and again.
    while (!values.once) await delay(intervalMs);
    return;
  }
  const databaseUrl = findRetentionDatabaseUrl(environment);
  if (values.once) return removeOnce(databaseUrl, limits);
  say('retention is running');
  for (;;) {
    try {
      await removeOnce(databaseUrl, limits);
      await delay(intervalMs);
    } catch (error) {
      say(`cannot remove what is too old: ${toReason(error)}`);
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
