import type { Pool } from 'mysql2/promise';
import { inSnapshot } from '../../storage/connection.ts';
import type { Position } from '../../storage/cursor.ts';
import { toSqlTime } from '../../storage/sql-values.ts';
import { maxUnlistedReadings } from '../statistics/rollups/extremes.ts';
import {
  countScored,
  type Moments,
  mergeInto,
  momentsOf,
  type Rollup,
} from '../statistics/rollups/rollup.ts';
import { readParts } from '../statistics/select-segments.ts';
import { minuteMs, type Range, type Segment } from '../statistics/window-plan.ts';
import { type KeyedSelection, toPlace } from './reading-filters.ts';
import { comparePositions } from './select-readings.ts';

/** An hour or a minute, or the part of a minute that is in the window. */
export interface Zone extends Range {
  level: 'hour' | 'minute';
  /** The start of the hour or minute, as in SQL. */
  bucket: string;
  /** Of the whole hour or minute. */
  rollup: Rollup;
  /** All readings of the zone that are not found yet come after this position, or have it. */
  bound: Position;
  /** Whether a list of extremes may have readings of the zone that are not found yet. */
  mayHaveList: boolean;
}

export interface Search {
  selection: KeyedSelection;
  after: Position | undefined;
  /** The part of the window whose readings are kept. */
  window: Range;
}

/** An hour with more readings than this is searched minute by minute. */
const maxHourReadings = 2000;
const maxZonesPerStep = 64;

/** What a list, or the minutes of an hour, take as long to read as: so many readings. */
const listCost = 100;
const minutesCost = 250;

/** The zones of segments. Several sensors and waiting deltas are parts of the same zone. */
export async function listZones(pool: Pool, search: Search, segments: readonly Segment[]): Promise<Zone[]> {
  const { selection, window } = search;
  const rollups = new Map<string, Range & { rollup: Rollup }>();
  const parts = await inSnapshot(pool, (select) =>
    readParts(select, { type: selection.type, keys: selection.sensors, segments }),
  );
  for (const { fromMs, toMs, rollup } of parts) {
    const key = `${fromMs} ${toMs}`;
    const known = rollups.get(key);
    if (known) mergeInto(known.rollup, rollup);
    else rollups.set(key, { fromMs, toMs, rollup });
  }
  return [...rollups.values()]
    .filter(({ rollup }) => canMatch(rollup, search))
    .map(({ fromMs, toMs, rollup }) => {
      const level = toMs - fromMs > minuteMs ? 'hour' : 'minute';
      const range = { fromMs: Math.max(fromMs, window.fromMs), toMs: Math.min(toMs, window.toMs) };
      const mayHaveList = rollup.count > maxUnlistedReadings && canUseLists(selection);
      const bound = toBound(rollup, range, search);
      return { ...range, level, bucket: toSqlTime(fromMs).slice(0, 19), rollup, bound, mayHaveList };
    });
}

function canMatch(rollup: Rollup, { selection, after }: Search): boolean {
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

/** The lists are about all sensors of a type, and about all predictions. */
function canUseLists({ sensors, prediction, ranges, sort }: KeyedSelection): boolean {
  return sensors === undefined && prediction === undefined && ranges.every(({ name }) => name === sort);
}

/** The first position that a reading of the zone can have on the page. */
function toBound(rollup: Rollup, range: Range, { selection, after }: Search): Position {
  const { min, max } = toMoments(rollup, selection);
  const limits = toLimits(selection);
  const isAscending = selection.order === 'asc';
  const value = isAscending
    ? Math.max(min, limits.min, after?.value ?? -Infinity)
    : Math.min(max, limits.max, after?.value ?? Infinity);
  const oldest = { value, timestamp: toSqlTime(range.fromMs), seq: 0 };
  const newest = { value, timestamp: toSqlTime(range.toMs - 1), seq: Number.MAX_SAFE_INTEGER };
  const [first, last] = isAscending ? [oldest, newest] : [newest, oldest];
  if (after === undefined || !isBefore(first, after, selection)) return first;
  // Where all readings with the value of the previous page's last one were on earlier pages, the zone has only values beyond it.
  return isBefore(last, after, selection) ? { ...last, timestamp: isAscending ? endOfTime : '' } : after;
}

const endOfTime = '9999-12-31 23:59:59.999';

/** What is known of the value by which the selection is sorted. */
function toMoments(rollup: Rollup, { type, sort }: KeyedSelection): Moments {
  return momentsOf(rollup, toPlace(type, sort));
}

/** The limits of the value by which the selection is sorted, both included. */
export function toLimits({ ranges, sort }: KeyedSelection): { min: number; max: number } {
  const ofSort = ranges.filter(({ name }) => name === sort);
  return {
    min: Math.max(...ofSort.map(({ min = -Infinity }) => min), -Infinity),
    max: Math.min(...ofSort.map(({ max = Infinity }) => max), Infinity),
  };
}

interface TakeOptions {
  search: Search;
  /** The last position of a full page. */
  last: Position | undefined;
  stepCost: number;
}

/** The zones to read next: as many as a step may read, of those that can have a reading before the last one of the page. */
export function takeNext(zones: readonly Zone[], { search, last, stepCost }: TakeOptions): Zone[] {
  const { selection } = search;
  const candidates = zones
    .filter(({ bound }) => last === undefined || isBefore(bound, last, selection))
    .sort((a, b) => toSign(selection) * comparePositions(a.bound, b.bound))
    .slice(0, maxZonesPerStep);
  let cost = 0;
  const end = candidates.findIndex((zone) => {
    cost += toCost(zone);
    return cost > stepCost;
  });
  return end === -1 ? candidates : candidates.slice(0, Math.max(1, end));
}

function toCost(zone: Zone): number {
  if (zone.mayHaveList) return listCost;
  return isDivisible(zone) ? minutesCost : zone.rollup.count;
}

export function isDivisible({ level, rollup }: Zone): boolean {
  return level === 'hour' && rollup.count > maxHourReadings;
}

export function toSign({ order }: KeyedSelection): 1 | -1 {
  return order === 'asc' ? 1 : -1;
}

export function isBefore(one: Position, other: Position, selection: KeyedSelection): boolean {
  return toSign(selection) * comparePositions(one, other) < 0;
}
