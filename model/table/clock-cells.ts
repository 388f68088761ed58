import { type Column, toKey } from './headings.ts';
import { type ClockNumber, parseTimeOfDay } from './time-of-day.ts';

/** Cells that tell the time of day: one, or hour, minute and second, and perhaps milliseconds and AM or PM. */
export interface ClockCells {
  positions: readonly number[];
  numbers: ClockNumber;
}

const hourKey = /^(?:hour|hr|hh|stunde|heure|hora|ora|uur)(?:ofday|number|ending)?$/;
const millisKey = /^(?:millitm|millis|millisec(?:ond)?s?|msec|millisekunden?)$/;
const clockKey =
  /hh?mm|^(?:time|clock|timeofday|zeit|uhrzeit|heure|hora|ora|(?:local|utc)time|time(?:utc|local))$/;

/** Whether the name or the cells say that a column has times of day. */
export function isLikeClock(column: Column): boolean {
  const key = toKey(column.name);
  return hourKey.test(key) || clockKey.test(key) || isOfTimesOfDay(column);
}

/** `15:04`, not numbers. Some cells may be damaged. */
export function isOfTimesOfDay({ cells }: Column): boolean {
  return cells.some((cell) => cell.includes(':')) && fits(cells, 'H');
}

/** The times of day that belong to a column of dates; undefined if there are none, or several. */
export function findClockCells(columns: readonly Column[]): ClockCells | undefined {
  const clocks = columns.filter((column) => detectClockNumber(column) !== undefined);
  const named = clocks.filter(({ name }) => clockKey.test(toKey(name)) || hourKey.test(toKey(name)));
  const isPrecise = (column: Column) => Number(isOfTimesOfDay(column));
  const [clock] =
    named.length > 0 || clocks.length > 1 ? named.toSorted((a, b) => isPrecise(b) - isPrecise(a)) : clocks;
  return clock && toClockCells(clock, columns);
}

function toClockCells(clock: Column, columns: readonly Column[]): ClockCells | undefined {
  const numbers = detectClockNumber(clock);
  if (numbers === undefined) return undefined;
  const next = (after: Column | undefined, key: RegExp, max: number) =>
    columns.find(
      ({ name, position, cells }) =>
        after && position === after.position + 1 && key.test(toKey(name)) && areWhole(cells, max),
    );
  const minute = isOfTimesOfDay(clock) ? undefined : next(clock, /^(?:minutes?|min|mn|mi|mm)$/, 59);
  const second = next(minute, /^(?:seconds?|sec|ss?)$/, 59);
  const millis = next(second ?? minute ?? clock, millisKey, 999);
  const isHalf = ({ cells }: Column) =>
    cells.length > 0 && cells.every((cell) => /^[ap]\.?m\.?$/i.test(cell));
  const parts = [clock, minute, second, millis, columns.find(isHalf)];
  return { positions: parts.flatMap((part) => (part ? [part.position] : [])), numbers };
}

function areWhole(cells: readonly string[], max: number): boolean {
  return cells.length > 0 && cells.every((cell) => /^\d{1,3}$/.test(cell) && Number(cell) <= max);
}

function fits(cells: readonly string[], numbers: ClockNumber): boolean {
  const times = cells.filter((cell) => !Number.isNaN(parseTimeOfDay(cell, numbers)));
  return cells.length > 0 && times.length >= cells.length * 0.8;
}

/** How the cells of a column tell the time of day, by its name where they are numbers. */
function detectClockNumber(column: Column): ClockNumber | undefined {
  const { name, cells } = column;
  if (isOfTimesOfDay(column)) return 'H';
  const key = toKey(name);
  if (hourKey.test(key) && fits(cells, 'H')) return 'H';
  if (!hourKey.test(key) && !clockKey.test(key)) return undefined;
  if (cells.some((cell) => /^0[.,]\d/.test(cell)) && fits(cells, 'fraction')) return 'fraction';
  // Up to 24, numbers could be hours or minutes, and up to 2400 minutes or seconds.
  const digits = cells.map((cell) => cell.replace(/[.,]\d*$/, ''));
  if (!digits.some((cell) => Number(cell) > 24 || /^0\d{3}/.test(cell))) return undefined;
  const numbers = digits.some((cell) => cell.length > 4) ? 'Hmmss' : 'Hmm';
  // `HR` may be a heart rate.
  const isOther = hourKey.test(key) && !digits.every((cell) => cell.endsWith('00') || cell === '0');
  return fits(cells, numbers) && !isOther ? numbers : undefined;
}
