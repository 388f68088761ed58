import { featureNames, type ReadingInput, readingInputSchema } from '@sensor-sentinel/contracts';
import { findLineFault } from './isolate-lines.ts';
import type { Header } from './parse-header.ts';

export type ParsedRow = { reading: ReadingInput } | { fault: string };

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** `sensorId` is that of rows which name none. */
export function parseRow(cells: readonly string[], header: Header, sensorId: string): ParsedRow {
  if (cells.length !== header.width) return { fault: toWidthFault(cells, header.width) };
  const textOf = (column: string) => cells[header.positions.get(column) ?? -1]?.trim() ?? '';
  const candidate = {
    ...Object.fromEntries(featureNames.map((name) => [name, toNumber(textOf(name))])),
    sensor_id: textOf('sensor_id') || sensorId,
    ...(header.positions.has('timestamp') && { timestamp: textOf('timestamp') }),
  };
  const parsed = readingInputSchema.safeParse(candidate);
  if (parsed.success) return { reading: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => {
    const column = path.join('.');
    return `${column} ${toExcerpt(textOf(column))}: ${message}`;
  });
  return { fault: faults.join('; ') };
}

function toNumber(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN;
}

function toWidthFault(cells: readonly string[], width: number): string {
  const lineFault = cells.length === 1 ? findLineFault(cells[0] ?? '') : undefined;
  const expected = lineFault ?? `expected ${width} fields as in the header, found ${cells.length}`;
  return `${toExcerpt(cells.join(','))}: ${expected}`;
}

function toExcerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
