import {
  type FeatureName,
  type ReadingInput,
  readingInputSchema,
  restoreFormulas,
  timestampSchema,
} from '@sensor-sentinel/contracts';
import type { Layout } from './layout.ts';
import type { Cells } from './lines.ts';

export type ParsedRow =
  | { reading: ReadingInput; timestampMs: number | undefined; label: 0 | 1 | undefined }
  | { fault: string };

export interface RowOptions {
  /** The sensor of rows that name none; with `isOnlySensor`, of all rows. */
  sensorId: string;
  isOnlySensor: boolean;
  /** Whether the timestamp column is read. */
  needsTimestamp: boolean;
}

/** `line` is the text of the cells, for messages. */
export function parseRow(
  cells: Cells,
  line: string,
  { layout, sensorId, isOnlySensor, needsTimestamp }: RowOptions & { layout: Layout },
): ParsedRow {
  if ('fault' in cells) return { fault: `${toExcerpt(line)}: ${cells.fault}` };
  const { width, positions, names, label, isExport, hasDecimalComma } = layout;
  if (cells.length !== width)
    return {
      fault: `${toExcerpt(line)}: expected ${width} fields as in the header, found ${cells.length}`,
    };
  const textAt = (position = -1) => cells[position]?.trim() ?? '';
  const numberOf = (name: FeatureName) => parseNumber(textAt(positions.get(name)), hasDecimalComma);
  const sensor = isOnlySensor ? '' : textAt(positions.get('sensor_id'));
  const timestamp = textAt(positions.get('timestamp'));
  const timestampMs = needsTimestamp ? parseTimestamp(timestamp) : undefined;
  const parsed = readingInputSchema.safeParse({
    temperature: numberOf('temperature'),
    humidity: numberOf('humidity'),
    sound_volume: numberOf('sound_volume'),
    sensor_id: (isExport ? restoreFormulas(sensor) : sensor) || sensorId,
    // The schema says what is wrong with it.
    ...(Number.isNaN(timestampMs) && { timestamp }),
  });
  if (parsed.success)
    return { reading: parsed.data, timestampMs, label: parseLabel(textAt(label?.position)) };
  const faults = parsed.error.issues.map(({ path, message }) => {
    const column = path.join('.');
    return `${Reflect.get(names, column) ?? column} ${toExcerpt(textAt(positions.get(column)))}: ${message}`;
  });
  return { fault: faults.join('; ') };
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const decimalWithComma = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;

/** NaN for anything but a decimal number. */
function parseNumber(text: string, hasDecimalComma: boolean): number {
  if (!hasDecimalComma) return decimal.test(text) ? Number(text) : Number.NaN;
  return decimalWithComma.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
}

function parseLabel(text: string): 0 | 1 | undefined {
  return text === '1' ? 1 : text === '0' ? 0 : undefined;
}

const utc = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d(?:\.\d{1,9})?))?Z?$/;
const epochSeconds = /^\d{9,10}(?:\.\d{1,6})?$/;
const epochMs = /^\d{12,13}$/;

/**
 * Milliseconds since 1970 of an ISO 8601 date and time (in UTC where it has no offset), or of seconds or milliseconds
 * since 1970. NaN for anything else.
 */
export function parseTimestamp(text: string): number {
  if (epochSeconds.test(text)) return Math.round(Number(text) * 1000);
  if (epochMs.test(text)) return Number(text);
  const [, day, time, seconds = '00'] = utc.exec(text) ?? [];
  const parsed = timestampSchema.safeParse(day === undefined ? text : `${day}T${time}:${seconds}Z`);
  return parsed.success ? Date.parse(parsed.data) : Number.NaN;
}

function toExcerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
