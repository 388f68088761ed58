import type { Pool } from 'mysql2/promise';
import { inSnapshot } from '../../storage/connection.ts';
import type { Position } from '../../storage/cursor.ts';
import { toSqlTime } from '../../storage/sql-values.ts';
import { toQuestionTooSlow } from '../../storage/time-limit.ts';
import type { Entry } from '../statistics/rollups/extremes.ts';
import { findLists } from '../statistics/rollups/stored-extremes.ts';
import { findHorizons, toRange, toWindow } from '../statistics/select-segments.ts';
import { type Range, toRollupSegments } from '../statistics/window-plan.ts';
import { type KeyedSelection, toPlace } from './reading-filters.ts';
import type { ReadingRow } from './reading-row.ts';
import { comparePositions, findRowsBySeqs, sortReadings, toPosition } from './select-readings.ts';
import {
  isBefore,
  isDivisible,
  listZones,
  type Search,
  takeNext,
  toLimits,
  toSign,
  type Zone,
} from './zones.ts';

/** A reading that may be on the page. */
interface Found {
  position: Position;
  /** Undefined if only a list of extremes names the reading. */
  row?: ReadingRow;
}

interface ScanOptions {
  after: Position | undefined;
  limit: number;
  limitMs: number;
}

/** How many readings the first step may read. Each further step may read twice as many. */
const firstStepCost = 2000;

/**
 * The next page in the order of a feature or of the score. The rollups have the minimum and maximum of each hour and minute,
 * so that only those are read that can have rows of the page. Without other filters, their lists of extremes are read first,
 * and their readings only if the lists are too short. A deep page may read all readings, which is why the time is limited.
 * @throws StorageError `question_too_slow`
 */
export async function scanZones(
  pool: Pool,
  selection: KeyedSelection,
  { after, limit, limitMs }: ScanOptions,
): Promise<ReadingRow[]> {
  const endMs = performance.now() + limitMs;
  const { fromMs, toMs } = toRange(selection);
  const horizons = await inSnapshot(pool, findHorizons);
  const search = { selection, after, window: { fromMs: Math.max(fromMs, horizons.readings), toMs } };
  let zones = await listZones(pool, search, toRollupSegments(search.window));
  let page: Found[] = [];
  for (let stepCost = firstStepCost; ; stepCost *= 2) {
    const last = page.length === limit ? page.at(-1)?.position : undefined;
    const next = takeNext(zones, { search, last, stepCost });
    if (next.length === 0) return listRows(pool, page);
    const leftMs = Math.floor(endMs - performance.now());
    if (leftMs <= 0) throw toQuestionTooSlow(limitMs);
    const searched = await searchZones(pool, search, { zones: next, limit, leftMs });
    page = mergePages(page, searched.found, { selection, limit });
    zones = [...zones.filter((zone) => !next.includes(zone)), ...searched.zones];
  }
}

interface SearchedZones {
  found: Found[];
  /** Where further readings of the zones may be. */
  zones: Zone[];
}

interface SearchOptions {
  zones: readonly Zone[];
  limit: number;
  leftMs: number;
}

async function searchZones(
  pool: Pool,
  search: Search,
  { zones, limit, leftMs }: SearchOptions,
): Promise<SearchedZones> {
  const { selection, after } = search;
  const [listed, others] = [
    zones.filter(({ mayHaveList }) => mayHaveList),
    zones.filter(({ mayHaveList }) => !mayHaveList),
  ];
  const searched = await readLists(pool, search, listed);
  const large = others.filter(isDivisible);
  const segments = large.map(({ fromMs, toMs }) => ({ level: 'minute' as const, fromMs, toMs }));
  const minutes = segments.length > 0 ? await listZones(pool, search, segments) : [];
  const windows = others.filter((zone) => !isDivisible(zone)).map(toWindow);
  const rows =
    windows.length > 0 ? await sortReadings(pool, selection, { after, limit, limitMs: leftMs, windows }) : [];
  return {
    found: [...searched.found, ...rows.map((row) => ({ position: toPosition(row, selection), row }))],
    zones: [...searched.zones, ...minutes],
  };
}

/** The readings of lists. Each zone remains for its other readings, which come after the last one of its list. */
async function readLists(pool: Pool, search: Search, zones: readonly Zone[]): Promise<SearchedZones> {
  if (zones.length === 0) return { found: [], zones: [] };
  const { selection } = search;
  const [type, place] = [selection.type.id, toPlace(selection.type, selection.sort)];
  const side = selection.order === 'asc' ? ('lowest' as const) : ('highest' as const);
  const toBuckets = (level: Zone['level']) =>
    zones.filter((zone) => zone.level === level).map(({ bucket }) => bucket);
  const lists = await inSnapshot(pool, async (select) => ({
    hour: await findLists(select, 'extremes_hour', { type, buckets: toBuckets('hour'), place, side }),
    minute: await findLists(select, 'extremes_minute', { type, buckets: toBuckets('minute'), place, side }),
  }));
  const searched: SearchedZones = { found: [], zones: [] };
  for (const zone of zones) {
    const { entries = [], isWhole = false } = lists[zone.level].get(zone.bucket) ?? {};
    const found = entries.map(toEntryPosition).filter((position) => isOnPage(position, zone, search));
    searched.found.push(...found.map((position) => ({ position })));
    const last = entries.at(-1);
    const bound = last === undefined ? zone.bound : toEntryPosition(last);
    const isLater = isBefore(zone.bound, bound, selection);
    if (!isWhole) searched.zones.push({ ...zone, mayHaveList: false, bound: isLater ? bound : zone.bound });
  }
  return searched;
}

function toEntryPosition({ value, timeMs, seq }: Entry): Position {
  return { value, timestamp: toSqlTime(timeMs), seq };
}

/** Whether a reading of the zone's hour or minute is in the window, within the limits, and after the previous page. */
function isOnPage(position: Position, { fromMs, toMs }: Range, { selection, after }: Search): boolean {
  const { timestamp } = position;
  const value = position.value ?? 0;
  const { min, max } = toLimits(selection);
  if (timestamp < toSqlTime(fromMs) || timestamp >= toSqlTime(toMs)) return false;
  return value >= min && value <= max && (after === undefined || isBefore(after, position, selection));
}

/** The first readings of both. A list and a scan may have found the same reading. */
function mergePages(
  page: readonly Found[],
  found: readonly Found[],
  { selection, limit }: { selection: KeyedSelection; limit: number },
): Found[] {
  const bySeq = new Map([...page, ...found].map((one) => [one.position.seq, one]));
  return [...bySeq.values()]
    .sort((a, b) => toSign(selection) * comparePositions(a.position, b.position))
    .slice(0, limit);
}

async function listRows(pool: Pool, page: readonly Found[]): Promise<ReadingRow[]> {
  const missing = page.flatMap(({ position, row }) => (row === undefined ? [position.seq] : []));
  const rows = new Map((await findRowsBySeqs(pool, missing)).map((row) => [row.seq, row]));
  return page.flatMap(({ position, row }) => row ?? rows.get(position.seq) ?? []);
}
