import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axios from 'axios';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Stack, startSender, startStack } from './start-stack.ts';

/** Names and numbers that a CSV file, a spreadsheet or a sender could change. */
const sensors = [
  'attic',
  '=1+1',
  "'=quoted",
  'a,b;"c"|d',
  'زیر\u200cزمین',
  '👩\u200d🔬 lab',
  'Küche',
  '007',
  '1e3',
  'null',
];
const temperatures = [24, -0.1, 0.1 + 0.2, 1e-7, 999.9999999999999, 24.06, 5e-324, -273.15, 1000, 0];
const pump = { name: 'pump', features: [{ name: 'flow, l/min' }, { name: 'Druck "außen"', unit: 'bar' }] };
const start = Date.parse('2026-03-29T00:59:58.999Z');

let source: Stack;
let target: Stack;

beforeAll(async () => {
  [source, target] = (await Promise.all([1, 2].map(() => startStack(inject('databaseAdminUrl'))))) as [
    Stack,
    Stack,
  ];
  const readings = sensors.flatMap((sensor_id, index) => {
    const timestamp = new Date(start + index * 1001).toISOString();
    const [first, second] = pump.features.map(({ name }) => name);
    return [
      {
        sensor_id,
        timestamp,
        temperature: temperatures[index],
        humidity: 51.25,
        sound_volume: 60 + index / 3,
      },
      {
        sensor_id,
        timestamp,
        type: 'pump',
        [first ?? '']: index % 3 ? index : null,
        [second ?? '']: -index / 7,
      },
    ];
  });
  for (const { apiUrl } of [source, target]) await axios.post(`${apiUrl}/types`, pump);
  const { data } = await axios.post<unknown>(`${source.apiUrl}/predict`, readings);
  expect(data).toMatchObject({ accepted: readings.length });
  return () => Promise.all([source.stop(), target.stop()]);
});

/** The bytes of an export; the ids are those of each replay, and the others are compared. */
async function exportOf({ apiUrl }: Stack, query: string): Promise<Buffer> {
  const url = `${apiUrl}/readings?format=csv&sort=timestamp&order=asc&${query}`;
  return Buffer.from((await axios.get<ArrayBuffer>(url, { responseType: 'arraybuffer' })).data);
}

const withoutIds = (bytes: Buffer) =>
  bytes
    .toString()
    .replace(/^\ufeff/, '')
    .replace(/^[\da-f-]{36},/gm, '');

describe('an export, replayed', () => {
  test.each([
    { type: 'climate', excel: 'false' },
    { type: 'climate', excel: 'true' },
    { type: 'pump', excel: 'false' },
    { type: 'pump', excel: 'true' },
  ])('is the same readings of the type $type, with excel=$excel', async ({ type, excel }) => {
    const exported = await exportOf(source, `type=${type}&excel=${excel}`);
    const name = `${type}-${excel}`;
    const file = join(target.directory, `${name}.csv`);
    writeFileSync(file, exported);
    const args = [
      '--file',
      file,
      '--replay',
      name,
      '--type',
      type,
      '--rate',
      '0',
      '--loop',
      '1',
      '--timestamps',
      'file',
    ];
    expect(await startSender({ stack: target, name, args }).exited).toBe('exit code 0');
    const replayed = withoutIds(await exportOf(target, `type=${type}`))
      .trim()
      .split('\r\n');
    const lines = withoutIds(exported).trim().split('\r\n');
    // Both replays of a type are stored.
    expect([...new Set(replayed)]).toEqual(lines);
    expect(replayed).toHaveLength(excel === 'true' ? 2 * lines.length - 1 : lines.length);
  });
});
