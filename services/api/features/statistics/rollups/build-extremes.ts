import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { logFailures } from '../../../log-failures.ts';
import { inSession, type Select, type Transaction } from '../../../storage/connection.ts';
import { fromSqlTimestamp } from '../../../storage/sql-values.ts';
import { findHorizons } from '../select-segments.ts';
import { hourMs } from '../window-plan.ts';
import { type Extremes, maxEntries, maxUnlistedReadings, mergeExtremes, noExtremes } from './extremes.ts';
import { type DueHour, listDueHours, toDoneStatement } from './extremes-due.ts';
import { readExtremes } from './read-extremes.ts';
import { findExtremes, findMinutes, type ListedMinute, toExtremesStatement } from './stored-extremes.ts';

/** How often hours that are due are looked for. */
export const buildIntervalMs = 2000;
/**
 * The share of time that a process may spend on lists. A page without them only takes longer, so that they wait while many
 * readings arrive.
 */
export const maxBuildShare = 0.1;

/** Readings of a minute are expected until this long after its end. An hour without changes for this long is quiet. */
const graceMs = 10_000;
const maxHoursPerRun = 1000;

/** One process at a time holds this lock. */
const lockName = "SHA2(CONCAT('extremes ', DATABASE()), 256)";

interface CreateOptions {
  /** For transactions. */
  pool: Pool;
  log: Logger;
  now: () => Date;
}

/** Builds lists at each call, for a while. Never rejects. */
export function createBuild({ pool, log, now }: CreateOptions): () => Promise<void> {
  const build = () => buildExtremes(pool, { now: now() });
  return logFailures(build, log, 'the lists of extremes cannot be built; retrying');
}

interface BuildOptions {
  now: Date;
  /** The run ends after it has read this number of readings. The next one continues with the minutes that have no lists yet. */
  maxReadings?: number;
}

/**
 * Builds lists of extremes from readings, for hours that are due, unless another process is doing so.
 *
 * Readings of the past or future, such as those of a replay, change an hour for a while: such an hour waits until it is
 * quiet, so that it is not built again and again. The current hour changes all the time, but its finished minutes rarely do:
 * they get lists at once, and the hour remains due. A list that lacks later readings is not used, and the fold that counts
 * them marks the hour again.
 */
export function buildExtremes(pool: Pool, { now, maxReadings = 20_000 }: BuildOptions): Promise<void> {
  return inSession(pool, async (session) => {
    const [lock] = await session.select<{ held: number }>({ sql: `SELECT GET_LOCK(${lockName}, 0) AS held` });
    if (lock?.held !== 1) return;
    try {
      await buildDue(session, { endedMs: now.getTime() - graceMs, maxReadings });
    } finally {
      await session.change({ sql: `DO RELEASE_LOCK(${lockName})` });
    }
  });
}

interface RunOptions {
  /** Minutes that ended before this time are finished. */
  endedMs: number;
  maxReadings: number;
}

async function buildDue(session: Transaction, { endedMs, maxReadings }: RunOptions): Promise<void> {
  const horizons = await findHorizons(session.select);
  const currentMs = Math.floor(endedMs / hourMs) * hourMs;
  const query = { currentMs, quietSinceMs: endedMs, limit: maxHoursPerRun };
  let left = maxReadings;
  for (const due of await listDueHours(session.select, query)) {
    const fromMs = Date.parse(fromSqlTimestamp(due.bucket));
    // Retention removes the lists of such an hour, and has removed its readings.
    if (fromMs < horizons.readings) await session.change(toDoneStatement(due));
    else if (fromMs === currentMs) left -= await buildMinutes(session, due, { fromMs, endedMs, left });
    else left -= await buildHour(session, due, { fromMs, left });
    if (left <= 0) return;
  }
}

interface MinutesOptions {
  fromMs: number;
  endedMs: number;
  /** No further minute is begun after this number of readings. */
  left: number;
}

/** Builds the lists of finished minutes of an hour. Returns the number of readings that were read. */
async function buildMinutes(
  session: Transaction,
  { type }: DueHour,
  { fromMs, endedMs, left }: MinutesOptions,
): Promise<number> {
  const minutes = await findMinutes(session.select, { type, fromMs, toMs: fromMs + hourMs });
  const unlisted = minutes.filter(({ count, isListed, toMs }) => {
    return count > maxUnlistedReadings && !isListed && toMs <= endedMs;
  });
  let read = 0;
  for (const minute of unlisted) {
    if (read >= left) return read;
    const extremes = await readExtremes(session.select, minute);
    await session.change(toExtremesStatement('extremes_minute', minute, extremes));
    read += minute.count;
  }
  return read;
}

/** Builds the lists of a quiet hour. Returns the number of readings that were read. */
async function buildHour(
  session: Transaction,
  due: DueHour,
  { fromMs, left }: Omit<MinutesOptions, 'endedMs'>,
): Promise<number> {
  const { type } = due;
  const read = await buildMinutes(session, due, { fromMs, endedMs: Number.POSITIVE_INFINITY, left });
  if (read >= left) return read;
  const range = { type, fromMs, toMs: fromMs + hourMs };
  const minutes = await findMinutes(session.select, range);
  if (countReadings(minutes) > maxUnlistedReadings) {
    const extremes = await mergeMinutes(session.select, minutes);
    await session.change(toExtremesStatement('extremes_hour', range, extremes));
  }
  await session.change(toDoneStatement(due));
  return read + countReadings(minutes.filter(({ isListed }) => !isListed));
}

/** The extremes of minutes: from their lists, or from their readings. */
async function mergeMinutes(select: Select, minutes: readonly ListedMinute[]): Promise<Extremes> {
  let extremes = noExtremes;
  for (const minute of minutes) {
    const stored = minute.isListed ? await findExtremes(select, 'extremes_minute', minute) : undefined;
    const part = stored?.get(minute.bucket) ?? (await readExtremes(select, minute));
    extremes = mergeExtremes([extremes, part], maxEntries);
  }
  return extremes;
}

function countReadings(minutes: readonly ListedMinute[]): number {
  return minutes.reduce((sum, { count }) => sum + count, 0);
}
