import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feature, TypeAnswer } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll } from 'vitest';
import type { Row } from '../source/row-reader.ts';
import { type CsvOptions, openCsv, takeRows } from './read-csv.ts';

export const needed = { times: 'needed' as const };
export const climateHeader = 'timestamp,temperature,humidity,sound_volume\n';

/** A type whose features have these units. */
export function toType(
  name: string,
  units: Record<string, string>,
  limits: Partial<Feature> = {},
): TypeAnswer {
  const features = Object.entries(units).map(([feature, unit]) => ({
    ...{ name: feature, title: feature, unit, min: null, max: null, decimals: null },
    ...limits,
  }));
  return { name, features, is_default: false, model: null };
}

/** A reading as its values, `sensor:` before them and `@time` after them; else what is wrong. */
export function showRow(row: Row): string {
  if (!('reading' in row)) return 'fault' in row ? `bad: ${row.fault}` : `skipped: ${row.skipped}`;
  const { sensor_id, type: _, ...values } = row.reading;
  const sensor = sensor_id === 'replay' ? '' : `${sensor_id}: `;
  const time = row.timestampMs === undefined ? '' : ` @${new Date(row.timestampMs).toISOString()}`;
  return `${sensor}${Object.values(values).join(' ')}${time}${row.label === undefined ? '' : ` label ${row.label}`}`;
}

/** Functions that read CSV in a temporary folder, and show rows and layout as text. */
export function provideCsvReader() {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sender-csv-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Opens CSV as the sender does. */
  function open(content: string | Uint8Array, options: CsvOptions = {}) {
    return openCsv(folder, content, options);
  }

  async function read(content: string | Uint8Array, options: CsvOptions = {}) {
    const { layout, table, reader } = await open(content, options);
    const rows = (await takeRows(reader)).map(showRow);
    const { choice, ignored, remarks } = layout;
    return {
      ...{ rows, remarks, encoding: table.encoding, type: choice.name, isNew: choice.isNew },
      features: choice.features.map(({ name, unit }) => (unit === '' ? name : `${name} [${unit}]`)),
      ignored: ignored.map(({ heading, reason }) => `${heading} (${reason})`),
    };
  }

  /** Climate readings with these timestamps, as `@time`. */
  async function timesOf(texts: readonly string[], options: CsvOptions = {}) {
    const lines = texts.map((text) => `"${text}",1,2,3\n`).join('');
    const { rows } = await read(climateHeader + lines, { ...needed, ...options });
    return rows.map((row) => row.replace('1 2 3 @', ''));
  }

  return { open, read, timesOf };
}
