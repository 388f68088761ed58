import {
  featureNames,
  features,
  type ReadingInput,
  readingInputSchema,
  restoreFormulas,
  sensorIdSchema,
} from '@sensor-sentinel/contracts';
import type { Layout } from './layout.ts';
import { parseTimestamp } from './parse-timestamp.ts';
import type { Cells } from './split-lines.ts';

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

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const decimalWithComma = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;

/** Checks valid rows without the schema, which is slow; a row that fails is checked by the schema, for its messages. */
export function createRowParser(layout: Layout, options: RowOptions) {
  const { positions, hasDecimalComma, width } = layout;
  const [temperatureAt = -1, humidityAt = -1, soundVolumeAt = -1] = featureNames.map((name) =>
    positions.get(name),
  );
  const sensorAt = options.isOnlySensor ? undefined : positions.get('sensor_id');
  const timestampAt = options.needsTimestamp ? positions.get('timestamp') : undefined;
  const labelAt = layout.label?.position;
  const isSensorId = createSensorCheck();

  const textAt = (cells: readonly string[], position: number) => (cells[position] ?? '').trim();
  const numberAt = (cells: readonly string[], position: number) => {
    const text = textAt(cells, position);
    if (!hasDecimalComma) return decimal.test(text) ? Number(text) : Number.NaN;
    return decimalWithComma.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  };
  const sensorOf = (cells: readonly string[]) => {
    const text = sensorAt === undefined ? '' : textAt(cells, sensorAt);
    return layout.isExport ? restoreFormulas(text) : text;
  };
  const labelOf = (cells: readonly string[]) => {
    const text = labelAt === undefined ? '' : textAt(cells, labelAt);
    return text === '1' ? 1 : text === '0' ? 0 : undefined;
  };

  return (cells: Cells, line: string): ParsedRow => {
    if ('fault' in cells) return { fault: `${toExcerpt(line)}: ${cells.fault}` };
    if (cells.length !== width)
      return {
        fault: `${toExcerpt(line)}: expected ${width} fields as in the header, found ${cells.length}`,
      };
    const reading = {
      temperature: numberAt(cells, temperatureAt),
      humidity: numberAt(cells, humidityAt),
      sound_volume: numberAt(cells, soundVolumeAt),
      sensor_id: sensorOf(cells) || options.sensorId,
    };
    const timestampMs = timestampAt === undefined ? undefined : parseTimestamp(textAt(cells, timestampAt));
    const isValid = areInRange(reading) && isSensorId(reading.sensor_id) && !Number.isNaN(timestampMs);
    if (isValid) return { reading, timestampMs, label: labelOf(cells) };
    return toFault({ reading, cells, layout, hasTimestamp: timestampAt !== undefined });
  };
}

const [temperature, humidity, soundVolume] = features;

function areInRange(reading: ReadingInput): boolean {
  return (
    isWithin(reading.temperature, temperature) &&
    isWithin(reading.humidity, humidity) &&
    isWithin(reading.sound_volume, soundVolume)
  );
}

/** False for NaN. */
function isWithin(value: number, { min, max }: { min: number; max: number }): boolean {
  return value >= min && value <= max;
}

/** Remembers valid names: sensors are few, and their rows are many. */
function createSensorCheck(): (sensorId: string) => boolean {
  const known = new Set<string>();
  return (sensorId) => {
    if (known.has(sensorId)) return true;
    const isValid = sensorIdSchema.safeParse(sensorId).success;
    if (isValid && known.size < 10_000) known.add(sensorId);
    return isValid;
  };
}

interface InvalidRow {
  reading: ReadingInput;
  cells: readonly string[];
  layout: Layout;
  hasTimestamp: boolean;
}

function toFault({ reading, cells, layout, hasTimestamp }: InvalidRow): { fault: string } {
  const textOf = (column: string) => cells[layout.positions.get(column) ?? -1]?.trim() ?? '';
  const timestamp = { timestamp: toCandidate(textOf('timestamp')) };
  const parsed = readingInputSchema.safeParse({ ...reading, ...(hasTimestamp && timestamp) });
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const column = path.join('.');
    return `${Reflect.get(layout.names, column) ?? column} ${toExcerpt(textOf(column))}: ${message}`;
  });
  return { fault: faults.join('; ') || 'expected a reading' };
}

function toCandidate(text: string): string {
  const ms = parseTimestamp(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}

function toExcerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
