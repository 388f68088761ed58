import type { Pool } from 'mysql2/promise';
import { inSnapshot } from '../../storage/connection.ts';
import type { Position } from '../../storage/cursor.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { toQuestionTooSlow } from '../../storage/time-limit.ts';
import {
  countScored,
  type Moments,
  mergeInto,
  momentsOf,
  type Rollup,
} from '../statistics/rollups/rollup.ts';
import { findHorizons, readParts, toRange } from '../statistics/select-segments.ts';
import {
  minuteMs,
  nothingRemoved,
  planWindow,
  type Range,
  type Segment,
  toSegments,
} from '../statistics/window-plan.ts';
import { type KeyedSelection, toPlace } from './reading-filters.ts';
import type { ReadingRow } from './reading-row.ts';
import { comparePositions, sortReadings, toPosition } from './select-readings.ts';

/** A part of the window, and what its rollup says of the readings in it. */
interface Zone extends Range {
  rollup: Rollup;
}

interface ScanOptions {
  after: Position | undefined;
  limit: number;
  limitMs: number;
}

/** An hour with more readings than this is searched minute by minute. */
const maxZoneReadings = 2000;
const zonesPerStatement = 64;

/**
 * The next page in the order of a feature or of the score, from the zones that can have its rows: the rollups tell the
 * minimum and maximum of each hour and minute. The first pages read few zones. A deep page may read all of them, which is
 * why the time is limited.
 * @throws StorageError `question_too_slow`
 */
export async function scanZones(
  pool: Pool,
  selection: KeyedSelection,
  { after, limit, limitMs }: ScanOptions,
): Promise<ReadingRow[]> {
  const endMs = performance.now() + limitMs;
  const search = { selection, after };
  const { fromMs, toMs } = toRange(selection);
  const horizons = await inSnapshot(pool, findHorizons);
  const window = { fromMs: Math.max(fromMs, horizons.readings), toMs };
  let zones = sortZones(
    await listZones(pool, selection, planWindow(window, nothingRemoved).segments),
    search,
  );
  let rows: ReadingRow[] = [];
  while (zones.length > 0) {
    const leftMs = Math.floor(endMs - performance.now());
    if (leftMs <= 0) throw toQuestionTooSlow(limitMs);
    const next = takeNext(zones, { search, limit, rows });
    if (next.length === 0) break;
    zones = zones.filter((zone) => !next.includes(zone));
    const large = next.filter(isDivisible);
    if (large.length > 0) {
      const segments = large.flatMap((zone) => toSegments(zone, ['minute', 'reading']));
      const parts = await listZones(pool, selection, segments);
      zones = sortZones([...zones, ...next.filter((zone) => !isDivisible(zone)), ...parts], search);
      continue;
    }
    const windows = next.map(({ fromMs, toMs }) => ({ from: toUtc(fromMs), to: toUtc(toMs) }));
    const found = await sortReadings(pool, selection, { after, limit, limitMs: leftMs, windows });
    rows = mergeRows(rows, found, { selection, limit });
  }
  return rows;
}

function isDivisible({ fromMs, toMs, rollup }: Zone): boolean {
  return toMs - fromMs > minuteMs && rollup.count > maxZoneReadings;
}

function toUtc(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

interface Search {
  selection: KeyedSelection;
  after: Position | undefined;
}

/** The zones that can have rows of the page, the one with the first row first. */
function sortZones(zones: readonly Zone[], search: Search): Zone[] {
  const isAscending = search.selection.order === 'asc';
  return zones
    .filter((zone) => canMatch(zone, search))
    .sort((a, b) => {
      const [one, other] = [toBound(a, search), toBound(b, search)];
      if (one !== other) return isAscending ? one - other : other - one;
      return isAscending ? a.fromMs - b.fromMs : b.fromMs - a.fromMs;
    });
}

function canMatch({ rollup }: Zone, { selection, after }: Search): boolean {
  if (rollup.count === 0) return false;
  if (selection.prediction === 1 && rollup.anomalies === 0) return false;
  if (selection.prediction === 0 && rollup.anomalies === countScored(rollup)) return false;
  const matches = selection.ranges.every(({ name, min = -Infinity, max = Infinity }) => {
    const moments = momentsOf(rollup, toPlace(selection.type, name));
    return moments.min <= max && moments.max >= min;
  });
  const { count, min, max } = toMoments(rollup, selection);
  if (!matches || count === 0) return false;
  if (after?.value == null) return true;
  return selection.order === 'asc' ? max >= after.value : min <= after.value;
}

/** The first value that the zone can contribute to the page. */
function toBound({ rollup }: Zone, { selection, after }: Search): number {
  const { min, max } = toMoments(rollup, selection);
  if (selection.order === 'asc') return Math.max(min, after?.value ?? -Infinity);
  return Math.min(max, after?.value ?? Infinity);
}

/** What is known of the value by which the selection is sorted. */
function toMoments(rollup: Rollup, { type, sort }: KeyedSelection): Moments {
  return momentsOf(rollup, toPlace(type, sort));
}

interface Found {
  search: Search;
  limit: number;
  rows: readonly ReadingRow[];
}

/**
 * The zones to read next: those that can have a row before the last one found, if the page is full; else as many as it
 * takes to fill the page if each has one row.
 */
function takeNext(zones: readonly Zone[], { search, limit, rows }: Found): Zone[] {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const missing = last === undefined ? limit - rows.length : zonesPerStatement;
  const some = zones.slice(0, Math.min(missing, zonesPerStatement));
  if (last === undefined) return some;
  const { timestamp, ...position } = toPosition(last, search.selection);
  const value = position.value ?? 0;
  const lastMs = Date.parse(fromSqlTimestamp(timestamp));
  return some.filter((zone) => {
    const bound = toBound(zone, search);
    if (bound !== value) return search.selection.order === 'asc' ? bound < value : bound > value;
    return search.selection.order === 'asc' ? zone.fromMs <= lastMs : zone.toMs > lastMs;
  });
}

function mergeRows(
  rows: readonly ReadingRow[],
  found: readonly ReadingRow[],
  { selection, limit }: { selection: KeyedSelection; limit: number },
): ReadingRow[] {
  const sign = selection.order === 'asc' ? 1 : -1;
  return [...rows, ...found]
    .sort((a, b) => sign * comparePositions(toPosition(a, selection), toPosition(b, selection)))
    .slice(0, limit);
}

/** The zones of segments. Several sensors and waiting deltas are parts of the same zone. */
async function listZones(
  pool: Pool,
  { type, sensors }: KeyedSelection,
  segments: readonly Segment[],
): Promise<Zone[]> {
  const zones = new Map<string, Zone>();
  const parts = await inSnapshot(pool, (select) => readParts(select, { type, keys: sensors, segments }));
  for (const { fromMs, toMs, rollup } of parts) {
    const key = `${fromMs} ${toMs}`;
    const zone = zones.get(key);
    if (zone) mergeInto(zone.rollup, rollup);
    else zones.set(key, { fromMs, toMs, rollup });
  }
  return [...zones.values()];
}
