import { restoreFormulas, sensorIdSchema } from '@sensor-sentinel/contracts';
import {
  type Cells,
  fitsWidth,
  isHidden,
  normalizeUnit,
  parseNumber,
  type RecentTimes,
  splitUnit,
} from '@sensor-sentinel/model/table';
import type { FileReading } from '../load/outgoing.ts';
import type { FeatureColumn, Layout } from './layout.ts';
import { createMarkTest } from './line-marks.ts';
import { toExcerpt } from './messages.ts';

export type ParsedRow =
  | { reading: FileReading; timestampMs: number | undefined; label: 0 | 1 | undefined; unknownLabel?: string }
  /** An invalid row. `limit`: a value is out of its limits. */
  | { fault: string; limit?: LimitFault }
  /** A row that holds no reading, and why. */
  | { skipped: string };

export interface LimitFault {
  feature: string;
  side: 'min' | 'max';
  value: number;
}

export interface RowOptions {
  /** The sensor of rows that name none; with `isOnlySensor`, of all rows. */
  sensorId: string;
  isOnlySensor: boolean;
  /** `needed`: rows without a time are invalid. `checked`: times are read if they can be. */
  times: 'needed' | 'checked' | 'unused';
}

/** A line of the file with its cells; `recent` are times of the rows before. */
export interface RawRow {
  cells: Cells;
  text: string;
  line: number;
  recent: RecentTimes;
}

/** Compiles the parser of the rows of a layout. */
export function createRowParser(layout: Layout, options: RowOptions) {
  const { survey, choice, features, sensorPositions } = layout;
  const width = survey.frame.headings.length;
  const readLabel = createLabelReader(layout);
  const findMark = createMarkTest(layout);
  const findSensor = createSensorParser(layout, options);
  const readValues = createValuesParser(layout);
  const parseTime = createTimeReader(layout, options);

  return function parseRow({ cells, text, line, recent }: RawRow): ParsedRow {
    const mark = findMark(text, line, cells);
    if (mark !== undefined) return { skipped: mark };
    if (isHidden(text))
      return { fault: `${toExcerpt(text)}: a column was too narrow when the file was saved` };
    if ('fault' in cells) return { fault: `${toExcerpt(text)}: ${cells.fault}` };
    if (!fitsWidth(cells, width))
      return {
        fault: `${toExcerpt(text)}: expected ${width} fields as in the header, found ${cells.length}`,
      };
    const sensor = findSensor(cells);
    const reading: FileReading = { sensor_id: sensor.id };
    if (!choice.isDefault) reading.type = choice.name;
    const { faults, limit, missing, present } = readValues(cells, reading);
    if (faults.length > 0 && survey.isLong && limit === undefined)
      return { skipped: 'its value is not a number' };
    if (faults.length === 0 && missing !== undefined && (present === 0 || !layout.nulls.areTaken))
      return {
        skipped: present === 0 && features.length > 1 ? 'all values are missing' : toMissing(missing),
      };
    recent.sensor = toText(cells, sensorPositions);
    const time = parseTime(cells, recent);
    if (typeof time === 'object') {
      if ('skipped' in time) return time;
      faults.push(time.fault);
    }
    if (sensor.fault !== undefined) faults.push(sensor.fault);
    if (faults.length > 0 || typeof time === 'object')
      return { fault: faults.join('; '), ...(limit && { limit }) };
    const label = readLabel(cells);
    if (typeof label !== 'string') return { reading, timestampMs: time, label };
    return { reading, timestampMs: time, label: undefined, unknownLabel: label };
  };
}

/** Why a row is skipped whose type needs all values. */
export function toMissing(feature: string): string {
  return `${feature} is missing`;
}

/** The label of a row. If its word is not a known label, the word is returned, so that it can be reported. */
function createLabelReader({ label, missing, survey }: Layout) {
  const { parseLabel } = survey.roles;
  return (cells: readonly string[]): 0 | 1 | undefined | string => {
    const cell = label && cells[label.position];
    if (cell === undefined) return undefined;
    return parseLabel(cell) ?? (missing.isMissing(cell) ? undefined : cell);
  };
}

/** Reads the values of the features into a reading. */
function createValuesParser(layout: Layout) {
  const { features } = layout;
  const parseValue = createValueParser(layout);
  return (cells: readonly string[], reading: FileReading) => {
    const faults: string[] = [];
    let limit: LimitFault | undefined;
    let missing: string | undefined;
    let present = 0;
    for (const feature of features) {
      const { name, min, max } = feature;
      const cell = cells[feature.position] ?? '';
      const value = parseValue(cell, feature);
      reading[name] = value;
      if (value === null) missing ??= name;
      else if (value >= min && value <= max) present += 1;
      else {
        faults.push(
          `${feature.heading} ${toExcerpt(cell)}: ${toOtherUnit(cell, feature) ?? feature.expected}`,
        );
        if (!Number.isNaN(value)) limit ??= { feature: name, side: value < min ? 'min' : 'max', value };
      }
    }
    return { faults, limit, missing, present };
  };
}

/** What to say about a number in another unit than its column. */
function toOtherUnit(cell: string, { unit, decimal }: FeatureColumn): string | undefined {
  const split = splitUnit(cell);
  if (split.unit === '' || unit === '' || normalizeUnit(split.unit) === normalizeUnit(unit)) return undefined;
  return Number.isNaN(parseNumber(split.number, decimal))
    ? undefined
    : `is in ${split.unit}, but its column is in ${unit}`;
}

/** Undefined where times are not read; but a word in place of a time is always a fault, as that of a row of totals. */
function createTimeReader({ time, missing }: Layout, { times }: RowOptions) {
  if (time === undefined) return () => undefined;
  const { positions, clockCells, name, parse, expected } = time;
  const toFault = (text: string) => ({ fault: `${name} ${toExcerpt(text)}: ${expected}` });
  const checkWord = (text: string) =>
    /\d/.test(text) || !/\p{L}/u.test(text) || missing.isMissing(text.trim()) ? undefined : toFault(text);
  if (times === 'unused') return (cells: readonly string[]) => checkWord(toText(cells, positions));
  return (cells: readonly string[], recent: RecentTimes) => {
    const text = toText(cells, positions);
    const timeOfDay = clockCells && toText(cells, clockCells.positions);
    const ms = parse(text, recent, timeOfDay);
    if (ms >= 0 && ms < endMs) return ms;
    if (times === 'checked') return checkWord(text);
    if (missing.isMissing(text.trim()))
      return { skipped: missing.isMissing(timeOfDay ?? '') ? 'the time is missing' : 'the date is missing' };
    if (timeOfDay !== undefined && missing.isMissing(timeOfDay.trim()))
      return { skipped: 'the time of day is missing' };
    return toFault(timeOfDay === undefined ? text : `${text} ${timeOfDay}`);
  };
}

function toText(cells: readonly string[], positions: readonly number[]): string {
  const [first = -1] = positions;
  let text = cells[first] ?? '';
  for (let index = 1; index < positions.length; index += 1) text += ` ${cells[positions[index] ?? 0]}`;
  return text;
}

/** The year 9999, as the API does not accept later times. */
const endMs = Date.UTC(9999, 0, 1);

/** null: the value is missing; NaN: the cell is no number, or has another unit than its column. */
function createValueParser({ missing }: Layout) {
  return (cell: string, { unit, decimal }: FeatureColumn): number | null => {
    let value = parseNumber(cell, decimal);
    if (Number.isNaN(value)) {
      if (missing.isMissing(cell)) return null;
      const split = splitUnit(cell);
      if (split.unit !== '' && normalizeUnit(split.unit) === normalizeUnit(unit))
        value = parseNumber(split.number, decimal);
    }
    return missing.isMissingNumber(value) ? null : value;
  };
}

interface Sensor {
  id: string;
  fault?: string;
}

/** The last sensor is kept, because rows of a sensor often follow one another. */
function createSensorParser(
  { survey, sensorPositions, missing }: Layout,
  { sensorId, isOnlySensor }: RowOptions,
) {
  const standard: Sensor = { id: sensorId };
  const [first, ...others] = sensorPositions;
  if (isOnlySensor || first === undefined) return () => standard;
  // `-` may be the name of a sensor, and so may `null` in an export of the API.
  const isNone = (part: string) =>
    part === '' || (!survey.isExport && /[a-z]/i.test(part) && missing.isMissing(part));
  let last: { cell: string; sensor: Sensor } = { cell: '', sensor: standard };
  return (cells: readonly string[]): Sensor => {
    let cell = cells[first] ?? '';
    for (const position of others) cell += ` ${cells[position]}`;
    if (cell === '') return standard;
    if (cell === last.cell) return last.sensor;
    const parts = sensorPositions.map((position) => cells[position] ?? '');
    cell = parts.filter((part) => !isNone(part)).join(' ');
    if (cell === '') return standard;
    const id = survey.isExport ? restoreFormulas(cell) : cell;
    const fault = checkSensor(id);
    last = {
      cell,
      sensor: fault === undefined ? { id } : { id, fault: `${survey.frame.headings[first]} ${fault}` },
    };
    return last.sensor;
  };
}

function checkSensor(name: string): string | undefined {
  if (name.includes('\ufffd')) return `${toExcerpt(name)}: is not UTF-8; --encoding gives another encoding`;
  const { error } = sensorIdSchema.safeParse(name);
  return error && `${toExcerpt(name)}: ${error.issues[0]?.message}`;
}
