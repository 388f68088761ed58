import type { Values } from '../../types/sensor-type.ts';

export const sides = ['lowest', 'highest'] as const;
export type Side = (typeof sides)[number];

/** A reading in the order of a value: by value, then by time, then by arrival. */
export interface Entry {
  value: number;
  timeMs: number;
  seq: number;
}

/**
 * Some readings with the lowest or the highest values, the most extreme first. No other reading comes before the last of
 * them. A whole list has all readings.
 */
export interface ExtremeList {
  entries: readonly Entry[];
  isWhole: boolean;
}

/** The extremes of one feature, or of the scores. */
export interface ValueExtremes extends Record<Side, ExtremeList> {
  /** The number of values that the lists are about. A reading may lack a feature or a score. */
  count: number;
}

/** The readings with the lowest and highest values among any number of readings. */
export interface Extremes {
  score: ValueExtremes;
  /** In the order of the type's features. A place beyond the end has no values. */
  features: ValueExtremes[];
}

/** The part of a reading that lists are about. */
export interface ListedReading {
  /** UTC, with milliseconds. */
  timestamp: string;
  seq: number;
  values: Values;
  score: number | null;
}

/** The entries of a list grow with its values, so that its size stays a small share of theirs. */
const valuesPerEntry = 64;
const minEntries = 4;
/** More than the rows of a page of the default size. */
export const maxEntries = 64;
/** So few readings are read as fast as their lists. */
export const maxUnlistedReadings = 200;

/** The number of entries of a list that is about so many values. */
export function toCapacity(count: number): number {
  return Math.min(maxEntries, Math.max(minEntries, Math.ceil(count / valuesPerEntry)));
}

/** The lists of readings, with at most `maxEntries` entries each. */
export function toExtremes(readings: readonly ListedReading[]): Extremes {
  const width = readings.reduce((most, { values }) => Math.max(most, values.length), 0);
  const toValues = (toValue: ToValue) => toValueExtremes(readings, toValue);
  return {
    score: toValues(({ score }) => score),
    features: Array.from({ length: width }, (_, place) => toValues(({ values }) => values[place])),
  };
}

type ToValue = (reading: ListedReading) => number | null | undefined;

/** Entries are made only for readings that are listed: this runs for every reading that is stored. */
function toValueExtremes(readings: readonly ListedReading[], toValue: ToValue): ValueExtremes {
  const values = new Float64Array(readings.length);
  let count = 0;
  for (const reading of readings) {
    const value = toValue(reading) ?? null;
    if (value !== null) values[count++] = value;
  }
  const sorted = values.subarray(0, count).sort();
  const isWhole = count <= maxEntries;
  const toList = (side: Side): ExtremeList => {
    const limit = isWhole ? undefined : sorted[side === 'lowest' ? maxEntries - 1 : count - maxEntries];
    const entries: Entry[] = [];
    for (const reading of readings) {
      const value = toValue(reading) ?? null;
      if (value === null || (limit !== undefined && isBeyond(limit, value, side))) continue;
      entries.push({ value, timeMs: Date.parse(reading.timestamp), seq: reading.seq });
    }
    return { entries: sortEntries(entries, side).slice(0, maxEntries), isWhole };
  };
  return { count, lowest: toList('lowest'), highest: toList('highest') };
}

/** Whether the first value is more extreme than the second. */
function isBeyond(one: number, other: number, side: Side): boolean {
  return side === 'lowest' ? one < other : one > other;
}

/** The extremes of all parts together. @param mostEntries of each list; otherwise as many as for their number of values */
export function mergeExtremes(parts: readonly Extremes[], mostEntries?: number): Extremes {
  const width = parts.reduce((most, { features }) => Math.max(most, features.length), 0);
  const merge = (toPart: (extremes: Extremes) => ValueExtremes | undefined): ValueExtremes => {
    const values = parts.flatMap((part) => toPart(part) ?? []);
    const count = values.reduce((sum, value) => sum + value.count, 0);
    const capacity = mostEntries ?? toCapacity(count);
    const toList = (side: Side) =>
      mergeLists(
        values.map((value) => value[side]),
        { side, capacity },
      );
    return { count, lowest: toList('lowest'), highest: toList('highest') };
  };
  return {
    score: merge(({ score }) => score),
    features: Array.from({ length: width }, (_, place) => merge(({ features }) => features[place])),
  };
}

/** The list of all readings of the given lists, as far as they are known. */
function mergeLists(
  lists: readonly ExtremeList[],
  { side, capacity }: { side: Side; capacity: number },
): ExtremeList {
  const ends = lists.flatMap(({ entries, isWhole }) => (isWhole ? [] : (entries.at(-1) ?? [])));
  const [end] = sortEntries(ends, side);
  const known = lists
    .flatMap(({ entries }) => entries)
    .filter((entry) => end === undefined || compareEntries(entry, end, side) <= 0);
  return {
    entries: sortEntries(known, side).slice(0, capacity),
    isWhole: end === undefined && known.length <= capacity,
  };
}

/** The most extreme entry first; the newest of equal ones first among the highest, and last among the lowest. */
export function compareEntries(a: Entry, b: Entry, side: Side): number {
  const ascending = a.value - b.value || a.timeMs - b.timeMs || a.seq - b.seq;
  return side === 'lowest' ? ascending : -ascending;
}

function sortEntries(entries: Entry[], side: Side): Entry[] {
  return entries.sort((a, b) => compareEntries(a, b, side));
}

/**
 * A list as JSON: 1 if it is whole, else 0; then value, time and seq of each entry. The times are milliseconds since the
 * start of the minute or hour.
 */
export type ListDocument = readonly [isWhole: 0 | 1, ...numbers: number[]];

type ValueDocument = readonly [count: number, lowest: ListDocument, highest: ListDocument];

/** Extremes as JSON: those of the scores, then those of each feature in the order of the type. */
export type ExtremesDocument = readonly ValueDocument[];

/** The path of a list in a document. */
export function toListPath(place: number | 'score', side: Side): string {
  return `${toValuePath(place)}[${1 + sides.indexOf(side)}]`;
}

/** The path of the number of values in a document. */
export function toCountPath(place: number | 'score'): string {
  return `${toValuePath(place)}[0]`;
}

/** The paths of all numbers of values: that of the scores, then those of the features. */
export const countPaths = '$[*][0]';

function toValuePath(place: number | 'score'): string {
  return `$[${place === 'score' ? 0 : place + 1}]`;
}

/** @param startMs the start of the minute or hour */
export function toExtremesDocument({ score, features }: Extremes, startMs: number): ExtremesDocument {
  const toList = ({ entries, isWhole }: ExtremeList): ListDocument => [
    isWhole ? 1 : 0,
    ...entries.flatMap(({ value, timeMs, seq }) => [value, timeMs - startMs, seq]),
  ];
  return [score, ...features].map(({ count, lowest, highest }) => [count, toList(lowest), toList(highest)]);
}

/** Reads a document that this module has written. */
export function fromExtremesDocument(document: ExtremesDocument, startMs: number): Extremes {
  const [score = noValues, ...features] = document.map(([count, lowest, highest]) => ({
    count,
    lowest: fromListDocument(lowest, startMs),
    highest: fromListDocument(highest, startMs),
  }));
  return { score, features };
}

const noEntries: ExtremeList = { entries: [], isWhole: true };
export const noValues: ValueExtremes = { count: 0, lowest: noEntries, highest: noEntries };
/** The extremes of no readings. */
export const noExtremes: Extremes = { score: noValues, features: [] };

export function fromListDocument([isWhole, ...numbers]: ListDocument, startMs: number): ExtremeList {
  const entries: Entry[] = [];
  for (let at = 0; at < numbers.length; at += 3) {
    const [value = 0, offsetMs = 0, seq = 0] = numbers.slice(at, at + 3);
    entries.push({ value, timeMs: startMs + offsetMs, seq });
  }
  return { entries, isWhole: isWhole === 1 };
}
