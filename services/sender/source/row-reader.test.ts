import { appendFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { climateType, neutralizeFormulas, toExportColumns } from '@sensor-sentinel/contracts';
import { createMissingTest } from '@sensor-sentinel/model/table';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CsvOptions, openCsv, takeRows } from '../testing/read-csv.ts';
import type { Row } from './row-reader.ts';

const { features } = climateType;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sender-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (content: string | Uint8Array | { file: string }, options: CsvOptions = {}) =>
  openCsv(folder, content, options);
const take = takeRows;

async function readAll(content: string | Uint8Array, options: CsvOptions = {}) {
  return take((await open(content, options)).reader);
}

async function faultsOf(text: string) {
  return (await readAll(text)).map((row) =>
    'reading' in row ? `${row.line} valid` : `${row.line}: ${'fault' in row ? row.fault : row.skipped}`,
  );
}

const readingsOf = (rows: readonly Row[]) =>
  rows.map((row) => ('reading' in row ? row.reading : 'fault' in row ? row.fault : row.skipped));
const header = 'temperature,humidity,sound_volume\n';
const one = { temperature: 24.1, humidity: 51.2, sound_volume: 60.3, sensor_id: 'replay' };

describe('createRowReader', () => {
  test('finds columns by their trimmed names, in any order, and leaves out the others', async () => {
    const { reader } = await open(
      '\ufeff site ,sound_volume, humidity,"temperature"\r\n1,60.3, 51.2 ,"24.1"\r\n',
    );
    const [row, ...others] = await take(reader);
    expect(row).toMatchObject({ index: 0, line: 2, reading: one, label: undefined });
    expect(others).toEqual([]);
    expect(reader.layout.ignored).toEqual([{ heading: 'site', reason: 'not a feature of the type climate' }]);
  });

  test('takes the sensor from the file, unless there is to be only one', async () => {
    const text = 'sensor_id,temperature,humidity,sound_volume\nboiler,1,2,3\n,1,2,3\n';
    const sensors = async (isOnlySensor: boolean) =>
      (await readAll(text, { isOnlySensor })).map((row) => 'reading' in row && row.reading.sensor_id);
    expect(await sensors(false)).toEqual(['boiler', 'replay']);
    expect(await sensors(true)).toEqual(['replay', 'replay']);
  });

  test('reads timestamps only if requested', async () => {
    const text =
      'timestamp,temperature,humidity,sound_volume\n2026-01-01T01:00:00+01:00,1,2,3\n2026-13-01,1,2,3\n';
    expect((await readAll(text))[1]).toHaveProperty('timestampMs', undefined);
    const [taken, refused] = await readAll(text, { times: 'needed' as const });
    expect(taken).toHaveProperty('timestampMs', Date.parse('2026-01-01T00:00:00.000Z'));
    expect(refused).toHaveProperty(
      'fault',
      'timestamp "2026-13-01": expected a time as in 2026-11-22 15:04:05',
    );
  });

  test('names line, column, text and what was expected of every row at fault', async () => {
    const text = `${header}24.1,abc,60\n,51,60\n24,51\n24,51,60,1\n24,101,-1\n24,51,60\n0x10,51,60\n`;
    expect(await faultsOf(text)).toEqual([
      '2: humidity "abc": expected a number from 0 to 100 %',
      '3: temperature is missing',
      '4: "24,51": expected 3 fields as in the header, found 2',
      '5: "24,51,60,1": expected 3 fields as in the header, found 4',
      '6: humidity "101": expected a number from 0 to 100 %; sound_volume "-1": expected a number from 0 to 200 dB',
      '7 valid',
      '8: temperature "0x10": expected a number from -273.15 to 1000 °C',
    ]);
  });

  test('loses no more than the line to a stray quote or to a line of a megabyte', async () => {
    expect(await faultsOf(`${header}24,"51,60\n24,51,60\n${'x'.repeat(1e6)}\n"24","51","60"`)).toEqual([
      '2: "24,\\"51,60": expected balanced quotes within the line',
      '3 valid',
      expect.stringMatching(/^4: "x{59}…": expected at most 65536 characters on a line$/),
      '5 valid',
    ]);
  });

  test('counts blank lines as lines, not as rows', async () => {
    const rows = await readAll(`\n${header}\n  \n24,51,60\n\n`);
    expect(rows).toMatchObject([{ index: 0, line: 5 }]);
  });

  test('reads back every reading it is given, line by line', async () => {
    // Adding zero: -0 is written as 0.
    const valuesOf = (name: string) => {
      const found = features.find((feature) => feature.name === name);
      return fc.double({ min: found?.min ?? 0, max: found?.max ?? 0, noNaN: true }).map((value) => value + 0);
    };
    const { isMissing } = createMissingTest();
    // A word such as `na` names no sensor.
    const sensorId = fc
      .stringMatching(/^[a-z0-9 ,"é€_-]{1,20}$/)
      .filter((text) => text.trim() === text && !(/[a-z]/.test(text) && isMissing(text)));
    const reading = fc.tuple(...features.map(({ name }) => valuesOf(name)), sensorId);
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(reading, { maxLength: 20 }), lineEnd, async (readings, end) => {
        const lines = readings.map(
          ([t, h, s, id]) => `${t},"${h}",${s},"${String(id).replaceAll('"', '""')}"`,
        );
        const rows = await readAll(['temperature,humidity,sound_volume,sensor_id', ...lines].join(end));
        expect(readingsOf(rows)).toEqual(
          readings.map(([temperature, humidity, sound_volume, sensor_id]) => ({
            ...{ temperature, humidity, sound_volume, sensor_id },
          })),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('reads columns, labels and sensors that are named like properties of every object', async () => {
    const text = '__proto__,constructor,toString,sensor_id,hasOwnProperty\n24.1,51.2,60.3,__proto__,1\n';
    const columnNames = { temperature: '__proto__', humidity: 'constructor', sound_volume: 'toString' };
    expect(await readAll(text, { columnNames, labelColumn: 'hasOwnProperty' })).toMatchObject([
      { reading: { ...one, sensor_id: '__proto__' }, label: 1 },
    ]);
    const { layout } = await open(text);
    expect(layout.features.map(({ name }) => name)).toEqual([
      ...['__proto___value', 'constructor_value', 'toString', 'hasOwnProperty'],
    ]);
    const { reader } = await open(`valueOf,__proto__,${header}1,2,24.1,51.2,60.3\n`);
    expect(reader.layout.ignored.map(({ heading }) => heading)).toEqual(['valueOf', '__proto__']);
  });

  test('takes the apostrophes of an export out of its sensor names', async () => {
    const sensorIds = ['=1+1', "'=1+1", 'x;=1+1', "'s-Hertogenbosch", 'x;"=1', 'boiler-1'];
    const lines = sensorIds.map((sensorId) => {
      const cell = `"${neutralizeFormulas(sensorId).replaceAll('"', '""')}"`;
      return `0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001,${cell},2026-03-01T00:00:00.000Z,1,2,3,0,0.5,m-1`;
    });
    const sensorsOf = async (columns: readonly string[]) =>
      (await readAll([columns.join(','), ...lines].join('\r\n'))).map(
        (row) => 'reading' in row && row.reading.sensor_id,
      );
    const exportColumns = toExportColumns(climateType);
    expect(await sensorsOf(exportColumns)).toEqual(sensorIds);
    const otherColumns = exportColumns.map((name) => (name === 'model' ? 'made_by' : name));
    expect(await sensorsOf(otherColumns)).toEqual(sensorIds.map(neutralizeFormulas));
  });

  test.each([';', '\t', '|'])(
    'finds out that the delimiter is %j and that fractions have a comma',
    async (mark) => {
      const text = `${['temperature', 'humidity', 'sound_volume'].join(mark)}\n${['24,1', '51,2', '60,3'].join(mark)}\n`;
      expect(readingsOf(await readAll(text))).toEqual([one]);
    },
  );

  test('takes a point for a point where another column has commas', async () => {
    expect(await readAll('temperature;humidity;sound_volume\n24.1;51,2;60\n')).toMatchObject([
      { reading: { temperature: 24.1, humidity: 51.2, sound_volume: 60 } },
    ]);
  });

  test('reads a foreign file whose columns are named', async () => {
    const text = 'Temp (C);RH;"Noise; dB"\n24,1;51,2;60,3\nhot;51,2;60,3\n';
    const columnNames = { temperature: 'Temp (C)', humidity: 'RH', sound_volume: 'Noise; dB' };
    expect(readingsOf(await readAll(text, { columnNames }))).toEqual([
      one,
      'Temp (C) "hot": expected a number from -273.15 to 1000 °C',
    ]);
  });

  test.each(['target', 'label', 'anomaly'])('finds labels in a column %s of 0 and 1 only', async (name) => {
    const rows = (last: string) => `${header.trim()},${name}\n24.1,51.2,60.3,1\n24.1,51.2,60.3,${last}\n`;
    expect(await readAll(rows('0'))).toMatchObject([{ label: 1 }, { label: 0 }]);
    expect(await readAll(rows('2'))).toMatchObject([{ label: undefined }, { label: undefined }]);
    await expect(readAll(rows('2'), { labelColumn: name })).rejects.toThrow('--anomaly-labels');
    expect(await readAll(rows('2'), { labelColumn: name, anomalyLabels: ['2'] })).toMatchObject([
      { label: 0 },
      { label: 1 },
    ]);
  });

  const text = `${header}24.1,51.2,60.3\n`;
  const bigEndian = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test.each([
    ['gzip', gzipSync(text)],
    ['gzip in two members', Buffer.concat([gzipSync(header), gzipSync('24.1,51.2,60.3\n')])],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little endian', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big endian', bigEndian],
    ['UTF-16 in gzip', gzipSync(bigEndian)],
  ])('reads %s', async (_, bytes) => {
    const { reader } = await open(bytes);
    expect(readingsOf(await take(reader))).toEqual([one]);
    expect(readingsOf(await take(reader))).toEqual([one]);
  });

  test('reads the standard input, byte by byte, once', async () => {
    async function* bytes() {
      for (const byte of Buffer.from(text)) yield Buffer.from([byte]);
    }
    const { reader } = await open({ file: '-' }, { standardInput: bytes() });
    expect(reader.state.fingerprint).toBeNull();
    expect(readingsOf(await take(reader, [0, 1]))).toEqual([one]);
    await expect(take(reader, [0, 1])).rejects.toThrow('standard input can be read only once');
  });

  test.each([
    [
      'missing columns',
      'Temperature,humidity\n',
      'csv has no rows below its header, and is not of the type climate: no column sound_volume; found "Temperature", "humidity"',
    ],
    ['no byte', '', 'csv is empty; expected a CSV file of readings'],
    ['a quote in the header', 'temperature,"humidity\n', 'csv:1: expected balanced quotes within the line'],
    ['other bytes', Buffer.alloc(200_000), 'is not text'],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004....'), 'is a ZIP archive or a spreadsheet; save it as CSV'],
    ['truncated gzip', gzipSync(text).subarray(0, 40), 'is a truncated gzip file'],
  ])('refuses a file with %s, and says where and what to do', async (_, content, message) => {
    await expect(readAll(content)).rejects.toThrow(message);
  });

  test('refuses a file that is missing, and a directory', async () => {
    await expect(open({ file: join(folder, 'nowhere') })).rejects.toThrow('nowhere does not exist; expected');
    await expect(open({ file: folder })).rejects.toThrow('is a directory');
  });

  test.each([
    ['was truncated', (file: string) => truncate(file, 500_000)],
    ['changed', (file: string) => appendFile(file, '1,2,3\n')],
  ])('says that a file %s while it was read', async (what, change) => {
    const { file, reader } = await open(header + '24.1,51.2,60.3\n'.repeat(100_000));
    await take(reader, [0, 10]);
    await change(file);
    await expect(take(reader, [10, 1e6])).rejects.toThrow(`${file} ${what} while it was read`);
  });
});

describe('RowReader.read', () => {
  test.each(['plain', 'gzip'])('gives any rows of a %s file in any order, with their lines', async (kind) => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `${index % 1000},5${index % 10},${index % 7}`);
    const content = header + lines.join('\n');
    const { reader } = await open(kind === 'gzip' ? gzipSync(content) : content);
    const starts = [0, 100, 59_990, 30_000, 5, 45_000, 29_999, 59_999, 60_000, 1e6, 0];
    for (const start of starts) {
      const rows = await take(reader, [start, 20]);
      expect(rows.map(({ index }) => index)).toEqual(
        Array.from({ length: Math.max(0, Math.min(20, 60_000 - start)) }, (_, step) => start + step),
      );
      for (const row of rows) {
        expect(row.line).toBe(row.index + 2);
        expect(row).toMatchObject({
          reading: { temperature: row.index % 1000, sound_volume: row.index % 7 },
        });
      }
    }
    expect(reader.totalRows()).toBe(60_000);
  });

  test('gives rows in an hour that repeats the same times wherever it begins', async () => {
    const at = (sensor: number, minute: number) =>
      `s${sensor},2026-10-25 02:${String(minute % 60).padStart(2, '0')},24.1,51.2,60.3`;
    const steps = Array.from({ length: 2 * 60 * 300 }, (_, index) =>
      at(index % 300, Math.floor(index / 300)),
    );
    const options = { times: 'needed' as const, timeZone: 'Europe/Berlin' };
    const { reader } = await open(`sensor_id,time,${header}${steps.join('\n')}`, options);
    const timesOf = (rows: readonly Row[]) => rows.map((row) => 'reading' in row && row.timestampMs);
    const all = timesOf(await take(reader));
    expect(all[0]).toBe(Date.UTC(2026, 9, 25, 0));
    expect(all.at(-1)).toBe(Date.UTC(2026, 9, 25, 1, 59));
    for (const first of [35_000, 20_000, 17_999, 100])
      expect(timesOf(await take(reader, [first, 1000]))).toEqual(all.slice(first, first + 1000));
  });

  test('keeps the time of rows that it skips, and shortens pauses', async () => {
    const times = ['00:00:00', '00:00:01', '00:00:11', '00:00:05', '00:00:06'];
    const content = times.map((time) => `2026-01-01T${time}Z,1,2,3\n`).join('');
    const options = { times: 'needed' as const, maxGapMs: 4000 };
    const { reader } = await open(`timestamp,${header}${content}`, options);
    const momentsOf = (rows: readonly Row[]) => rows.map(({ moment }) => moment.offsetMs);
    expect(momentsOf(await take(reader, [3, 9]))).toEqual([5000, 6000]);
    expect(momentsOf(await take(reader))).toEqual([0, 1000, 5000, 5000, 6000]);
  });

  test('holds no more of a long stream than a block', async () => {
    const part = Buffer.from('24.1,51.2,60.3\n'.repeat(10_000));
    async function* stream() {
      yield Buffer.from(header);
      for (let count = 0; count < 100; count += 1) yield part;
    }
    const { reader } = await open({ file: '-' }, { standardInput: stream() });
    let rows = 0;
    let most = 0;
    for await (const some of reader.read(0, 1e9)) {
      rows += some.length;
      most = Math.max(most, some.length);
    }
    expect(rows).toBe(1_000_000);
    expect(most).toBeLessThanOrEqual(1024);
  });
});
