import { restoreFormulas, sensorIdSchema } from '@sensor-sentinel/contracts';
import {
  type Cells,
  fitsWidth,
  isComment,
  isRule,
  normalizeUnit,
  parseLabel,
  parseNumber,
  type RecentTimes,
  splitUnit,
} from '@sensor-sentinel/model/table';
import type { FileReading } from '../load/outgoing.ts';
import type { FeatureColumn, Layout } from './layout.ts';

export type ParsedRow =
  | { reading: FileReading; timestampMs: number | undefined; label: 0 | 1 | undefined }
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
  const { survey, choice, features, label, sensorPositions } = layout;
  const width = survey.frame.headings.length;
  const findMark = createMarkTest(layout);
  const findSensor = createSensorParser(layout, options);
  const readValues = createValuesParser(layout);
  const parseTime = createTimeReader(layout, options);

  return function parseRow({ cells, text, line, recent }: RawRow): ParsedRow {
    const mark = findMark(text, line, cells);
    if (mark !== undefined) return { skipped: mark };
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
    return { reading, timestampMs: time, label: label && parseLabel(cells[label.position] ?? '') };
  };
}

/** Why a row is skipped whose type needs all values. */
export function toMissing(feature: string): string {
  return `${feature} is missing`;
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
        faults.push(`${feature.heading} ${toExcerpt(cell)}: ${feature.expected}`);
        if (!Number.isNaN(value)) limit ??= { feature: name, side: value < min ? 'min' : 'max', value };
      }
    }
    return { faults, limit, missing, present };
  };
}

/** Undefined where times are not read. */
function createTimeReader({ time, missing }: Layout, { times }: RowOptions) {
  if (time === undefined || times === 'unused') return () => undefined;
  const { positions, clockCells, name, parse, expected } = time;
  return (cells: readonly string[], recent: RecentTimes) => {
    const text = toText(cells, positions);
    const timeOfDay = clockCells && toText(cells, clockCells.positions);
    const ms = parse(text, recent, timeOfDay);
    if (ms >= 0 && ms < endMs) return ms;
    if (times === 'checked') return undefined;
    if (missing.isMissing(text.trim()))
      return { skipped: missing.isMissing(timeOfDay ?? '') ? 'the time is missing' : 'the date is missing' };
    if (timeOfDay !== undefined && missing.isMissing(timeOfDay.trim()))
      return { skipped: 'the time of day is missing' };
    const shown = timeOfDay === undefined ? text : `${text} ${timeOfDay}`;
    return { fault: `${name} ${toExcerpt(shown)}: ${expected}` };
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
function createValueParser({ survey, missing }: Layout) {
  const { decimal } = survey.roles.numberFormat;
  return (cell: string, { unit }: FeatureColumn): number | null => {
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
function createSensorParser({ survey, sensorPositions }: Layout, { sensorId, isOnlySensor }: RowOptions) {
  const standard: Sensor = { id: sensorId };
  const [first, ...others] = sensorPositions;
  if (isOnlySensor || first === undefined) return () => standard;
  let last: { cell: string; sensor: Sensor } = { cell: '', sensor: standard };
  return (cells: readonly string[]): Sensor => {
    let cell = cells[first] ?? '';
    for (const position of others) cell += ` ${cells[position]}`;
    if (cell === '') return standard;
    if (cell === last.cell) return last.sensor;
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

/** Words at the start of a line below the last reading. */
const summary =
  /^(?:(?:grand )?totals?|sums?|summe|mean|average|avg|mittelwert|durchschnitt|min(?:imum)?|max(?:imum)?|std(?:dev)?|count|somme|moyenne|media|end of (?:file|data)|eof)\b|^\(\d+ rows?\)$|^\\\.$/i;

/** Recognizes lines that hold no reading: units, comments, repeated headers, summaries. */
function createMarkTest({ survey, sensorPositions, time, missing }: Layout) {
  const { headerText, linesOfUnits, headerLine, headings } = survey.frame;
  const lastOfUnits = Math.max(headerLine, ...linesOfUnits);
  return (text: string, line: number, cells: Cells): string | undefined => {
    if (line <= lastOfUnits && linesOfUnits.has(line)) return 'units below the header';
    const code = text.charCodeAt(0);
    // A digit, which is how most rows begin.
    if (code >= 48 && code <= 57) return undefined;
    if (text === headerText) return 'repeated header';
    const first = 'fault' in cells ? '' : (cells[0] ?? '');
    const isWhole = !('fault' in cells) && fitsWidth(cells, headings.length);
    // A sensor may be called anything.
    if (sensorPositions[0] === 0 && isWhole) return undefined;
    if (isComment(text) && !missing.isMissing(first)) return 'comment';
    if (isRule(text)) return 'no values';
    if (summary.test(first)) return 'summary';
    const lacksTime = isWhole && first === '' && time?.positions[0] === 0 && time.clockCells === undefined;
    return lacksTime ? 'the time is missing' : undefined;
  };
}

export function toExcerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
