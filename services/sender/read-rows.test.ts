import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FeatureName, features } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHeader, readRows } from './read-rows.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sender-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeCsv(text: string | Uint8Array): Promise<string> {
  const file = join(folder, 'readings.csv');
  await writeFile(file, text);
  return file;
}

async function readAll(text: string | Uint8Array, timestamps: 'arrival' | 'file' = 'arrival') {
  const rows = [];
  for await (const row of readRows({ file: await writeCsv(text), sensorId: 'replay', timestamps }))
    rows.push(row);
  return rows;
}

async function faultsOf(text: string) {
  return (await readAll(text)).map((row) =>
    'fault' in row ? `${row.line}: ${row.fault}` : `${row.line} valid`,
  );
}

const header = 'temperature,humidity,sound_volume\n';

describe('readRows', () => {
  test('finds columns by their trimmed names, in any order, and leaves out the others', async () => {
    const rows = await readAll(
      '\ufeff target ,sound_volume, humidity,"temperature"\r\n1,60.3, 51.2 ,"24.1"\r\n',
    );
    expect(rows).toEqual([
      {
        line: 2,
        bytes: expect.any(Number),
        reading: { temperature: 24.1, humidity: 51.2, sound_volume: 60.3, sensor_id: 'replay' },
      },
    ]);
  });

  test('takes the sensor from the file where it names one', async () => {
    const rows = await readAll('sensor_id,temperature,humidity,sound_volume\nboiler,1,2,3\n,1,2,3\n');
    expect(rows.map((row) => 'reading' in row && row.reading.sensor_id)).toEqual(['boiler', 'replay']);
  });

  test('takes the timestamp only where it is asked for', async () => {
    const text =
      'timestamp,temperature,humidity,sound_volume\n2026-01-01T01:00:00+01:00,1,2,3\nyesterday,1,2,3\n';
    const [ignored] = await readAll(text);
    expect(ignored).not.toHaveProperty('reading.timestamp');
    const [taken, refused] = await readAll(text, 'file');
    expect(taken).toHaveProperty('reading.timestamp', '2026-01-01T00:00:00.000Z');
    expect(refused).toHaveProperty(
      'fault',
      'timestamp "yesterday": expected an ISO 8601 date and time with Z or an offset',
    );
  });

  test('names line, column, text and what was expected of every row at fault', async () => {
    const text = `${header}24.1,abc,60\n,51,60\n24,51\n24,51,60,1\n24,101,-1\n24,51,60\n0x10,51,60\n`;
    expect(await faultsOf(text)).toEqual([
      '2: humidity "abc": expected a number from 0 to 100 %',
      '3: temperature "": expected a number from -273.15 to 1000 °C',
      '4: "24,51": expected 3 fields as in the header, found 2',
      '5: "24,51,60,1": expected 3 fields as in the header, found 4',
      '6: humidity "101": expected a number from 0 to 100 %; sound_volume "-1": expected a number from 0 to 200 dB',
      '7 valid',
      '8: temperature "0x10": expected a number from -273.15 to 1000 °C',
    ]);
  });

  test('loses no more than the line to a stray quote', async () => {
    expect(await faultsOf(`${header}24,"51,60\n24,51,60\n2"4,"51,60\n"24","51","60"`)).toEqual([
      '2: "24,\\"51,60": expected balanced quotes within the line',
      '3 valid',
      '4: "2\\"4,\\"51,60": expected balanced quotes within the line',
      '5 valid',
    ]);
  });

  test('counts blank lines as lines, not as rows', async () => {
    expect(await faultsOf(`\n${header}\n  \n24,51,60\n\n`)).toEqual(['5 valid']);
  });

  test('reads back every reading it is given, line by line', async () => {
    // Adding zero: -0 is written as 0.
    const valuesOf = (name: FeatureName) => {
      const { min = 0, max = 0 } = features.find((feature) => feature.name === name) ?? {};
      return fc.double({ min, max, noNaN: true }).map((value) => value + 0);
    };
    const sensorId = fc.stringMatching(/^[a-z0-9 ,"é€_-]{1,20}$/).filter((text) => text.trim() === text);
    const reading = fc.tuple(
      valuesOf('temperature'),
      valuesOf('humidity'),
      valuesOf('sound_volume'),
      sensorId,
    );
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(reading, { maxLength: 20 }), lineEnd, async (readings, end) => {
        const lines = readings.map(([t, h, s, id]) => `${t},"${h}",${s},"${id.replaceAll('"', '""')}"`);
        const rows = await readAll(['temperature,humidity,sound_volume,sensor_id', ...lines].join(end));
        expect(rows.map((row) => ('reading' in row ? { ...row.reading, line: row.line } : row))).toEqual(
          readings.map(([t, h, s, id], index) => ({
            temperature: t,
            humidity: h,
            sound_volume: s,
            sensor_id: id,
            line: index + 2,
          })),
        );
      }),
    );
  });

  test('numbers lines and bytes right across the chunks of a large file', async () => {
    const text = header + '24.1,51.2,60.3\r\n'.repeat(20_000);
    const rows = await readAll(text);
    expect(rows).toHaveLength(20_000);
    expect(rows.at(-1)).toMatchObject({ line: 20_001, bytes: text.length });
    expect(rows.every((row, index) => row.line === index + 2)).toBe(true);
  });
});

describe('readHeader', () => {
  const read = async (text: string, timestamps: 'arrival' | 'file' = 'arrival') =>
    readHeader({ file: await writeCsv(text), timestamps });

  test('names the columns that are ignored', async () => {
    const { ignored } = await read('timestamp,temperature,humidity,sound_volume,target\n');
    expect(ignored).toEqual(['timestamp', 'target']);
  });

  test('names the columns that are missing, those expected and those found', async () => {
    await expect(read('Temperature,humidity\n')).rejects.toThrow(
      'readings.csv has no column temperature, no column sound_volume; ' +
        'expected the columns temperature, humidity, sound_volume; found "Temperature", "humidity"',
    );
    await expect(read(header, 'file')).rejects.toThrow('no column timestamp');
  });

  test('refuses a column that is there twice', async () => {
    await expect(read('temperature,humidity,sound_volume,humidity\n')).rejects.toThrow('has humidity twice');
  });

  test('refuses a file that is empty, missing or a directory', async () => {
    await expect(read('')).rejects.toThrow('readings.csv is empty; expected a CSV file of readings');
    await expect(readHeader({ file: folder, timestamps: 'arrival' })).rejects.toThrow('is a directory');
    const file = join(folder, 'nowhere.csv');
    await expect(readHeader({ file, timestamps: 'arrival' })).rejects.toThrow('nowhere.csv does not exist');
  });

  test('refuses what is no text', async () => {
    const file = await writeCsv(Buffer.alloc(200_000, 0xff));
    await expect(readHeader({ file, timestamps: 'arrival' })).rejects.toThrow('no column temperature');
  });
});
