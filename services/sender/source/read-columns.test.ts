import { describe, expect, test } from 'vitest';
import { type CsvOptions, climate } from '../testing/read-csv.ts';
import { climateHeader, needed, provideCsvReader, toType } from '../testing/show-csv.ts';

const { read } = provideCsvReader();

describe('columns', () => {
  test.each([
    'Timestamp,Temperature,Humidity,Sound Volume',
    'TIMESTAMP,TEMPERATURE,HUMIDITY,SOUND-VOLUME',
    'timestamp,temperature (°C),humidity [%],sound_volume (dB)',
    'timestamp,"Temperature, °C",Humidity %,SoundVolume dBA',
    'timestamp,temperature_degC,humidity_pct,sound.volume',
  ])('are matched without case, separators and units: %s', async (header) => {
    expect(await read(`${header}\n2026-11-22 15:00:05,1,2,3\n`)).toMatchObject({
      type: 'climate',
      rows: ['1 2 3'],
      ignored: [],
    });
  });

  test.each([
    ['time,name', 'attic: 1 2 3'],
    ['Date/Time,Device ID', 'attic: 1 2 3'],
    ['zeitstempel,station', 'attic: 1 2 3'],
    ['recorded_at,sensor', 'attic: 1 2 3'],
  ])('of times and sensors have usual names: %s', async (names, expected) => {
    const text = `${names},temperature,humidity,sound_volume\n2026-11-22 15:00:05,attic,1,2,3\n`;
    expect((await read(text, needed)).rows).toEqual([`${expected} @2026-11-22T15:00:05.000Z`]);
  });

  test('of numbers become the features of a new type, with units and names that the API accepts', async () => {
    const text = 'time,max,count,x,x_min,X,Flow (l/min),note\n2026-11-22 15:00:00,1,2,3,4,5,6,hi\n';
    expect(await read(text, { fileName: '2026 Pump-1.csv' })).toMatchObject({
      ...{ type: 'pump-1', isNew: true },
      features: ['max_value', 'count_value', 'x', 'x_min_value', 'X_value', 'Flow [l/min]'],
      ignored: ['note (not numbers)'],
      remarks: expect.arrayContaining([expect.stringContaining('names the feature "max" max_value')]),
    });
    const columnNames = { peak: 'max' };
    expect((await read(text, { columnNames })).features[0]).toBe('peak');
  });

  test.each(['failed', 'Is Anomaly', 'machine_failure', 'class'])('named %s hold labels', async (name) => {
    const found = await read(`flow,${name}\n1,0\n2,1\n`, { fileName: 'pump.csv' });
    expect(found).toMatchObject({ features: ['flow'], rows: ['1 label 0', '2 label 1'] });
  });

  test('that may be labels or sensors are named with the flags to set', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, index) => `${index},${index % 2},P${index % 3},note ${index}`,
    );
    const { remarks } = await read(`flow,state,unit,note\n${rows.join('\n')}\n`, { fileName: 'pump.csv' });
    expect(remarks).toEqual([
      'sends "state", which holds only 0 and 1, as a feature; if 1 means an anomaly, add --label "state"',
      'takes all rows for those of one sensor; if "unit" names the sensor, add --columns "sensor_id=unit"',
    ]);
  });

  const lines = (header: string, rows: readonly string[], count = 12) =>
    `${header}\n${Array.from({ length: count }, (_, index) => rows[index % rows.length]).join('\n')}\n`;

  test.each([
    ['unit_id,temp', ['1,21.5', '2,22.5']],
    ['moteid,temp', ['1,21.5', '2,22.5']],
    ['Sensor,temp', ['1,1.5', '2,2.5', '3,3.5', '4,4.5', '5,5.5', '6,6.5']],
    ['turbine_id,temp', ['T1,21.5', 'T2,22.5']],
  ])('name sensors by numbers that repeat, too: %s', async (header, rows) => {
    const { features, rows: found } = await read(lines(header, rows));
    expect(features).toEqual(['temp']);
    expect(found[1]).toMatch(/^T?2: 2/);
  });

  test.each(['', 'NULL', 'nan', 'n/a'])('of sensors name none where a cell is %j', async (mark) => {
    const { rows } = await read(`flow,device,p\n1,a,5\n2,${mark},6\n3,a,7\n`);
    expect(rows).toEqual(['a: 1 5', '2 6', 'a: 3 7']);
  });

  test.each([
    ['id,flow', ['a,1.5', 'b,2.5'], 'if "id" names the sensor, add --columns "sensor_id=id"'],
    [
      'batch_id,flow',
      ['7,1.5', '8,2.5'],
      'if "batch_id" names the sensor, add --columns "sensor_id=batch_id"',
    ],
    [
      'sensor,flow',
      ['1,1.5', '2,2.5', '3,3.5', '4,4.5', '5,5.5', '6,6.5', '7,7'],
      'sends "sensor" as a feature',
    ],
    ['class,flow', ['0,1.5', '1,2.5', '2,3.5'], 'sends "class", which may hold classes, as a feature; if it'],
    ['fault_type,flow', ['3,1.5', '1,2.5', '2,3.5'], 'add --label "fault_type"'],
    ['class,flow', ['A,1.5', 'B,2.5', 'C,3.5'], 'add --label "class" and --anomaly-labels with the words'],
    ['label,flow', ['1,1.5', '-1,2.5'], 'does not send the labels "1", "-1" in "label"; add --label "label"'],
    [
      'site,sensor,flow',
      ['A,s,1', 'B,s,2'],
      'each "site"; --columns "sensor_id=site+sensor" tells them apart',
    ],
    ['plant,sensor,flow', ['1,s,1', '2,s,2'], 'each "plant"; --columns "sensor_id=plant+sensor" tells'],
    [
      'flow,p',
      ['1.5,-9999.0', '2.5,2'],
      'takes -9999.0 in "p" for a value; if it means a missing value, add --missing "-9999.0"',
    ],
    ['flow (l/min),flow (m3/h)', ['1,2'], '--columns "other_name=flow (m3/h)" gives another name'],
    ['max,p', ['1,2'], '--columns "peak=max" gives another name'],
    ['state $x,p', ['1,2', '0,2'], "add --label 'state $x'"],
    [`"it's ""x""",p`, ['1,2', '0,2'], `add --label 'it'\\''s "x"'`],
  ])('that may be something else are named with a flag: %s', async (header, rows, remark) => {
    const { remarks } = await read(lines(header, rows, 8));
    expect(remarks).toEqual([expect.stringContaining(remark)]);
  });

  test('that may be something else are named in a few remarks', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `c${index}`);
    const { remarks } = await read(lines(`${names.join()},p,class`, [`${names.map(() => 'x').join()},1,A`]));
    expect(remarks).toHaveLength(5);
    expect(remarks[0]).toContain('does not send the labels "A" in "class"');
    expect(remarks[4]).toBe('and so on, for 47 other columns');
  });

  test('may be named like what every object has', async () => {
    const { features, rows } = await read('__proto__,constructor,toString\n1,2,3\n');
    expect(features).toEqual(['__proto___value', 'constructor_value', 'toString']);
    expect(rows).toEqual(['1 2 3']);
  });

  test('make no more features than a type may have', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `c${index}`);
    const { features, remarks } = await read(
      `${names.join()}\n${names.map((_, index) => index + 0.5).join()}\n`,
    );
    expect(features).toHaveLength(64);
    expect(remarks).toEqual(['takes the first 64 columns of numbers, and ignores 6 others']);
  });
});

describe('types', () => {
  const pump = toType('pump', { flow: 'l/min', pressure: 'bar' });
  const types = [climate, pump];

  test('are those that have all columns of numbers of the file', async () => {
    const text = 'time,Flow,Pressure (bar)\n2026-11-22 15:00:00,1,2\n2026-11-22 15:00:00,,2\n';
    expect(await read(text, { types })).toMatchObject({ type: 'pump', isNew: false, rows: ['1 2', ' 2'] });
  });

  test('are those that are named after the file or given, or the default type, if it has further columns', async () => {
    const text = 'time,Flow,Pressure (bar),extra\n2026-11-22 15:00:00,1,2,3\n';
    const expected = { type: 'pump', ignored: ['extra (not a feature of the type pump)'], rows: ['1 2'] };
    expect(await read(text, { types, fileName: 'pump.csv' })).toMatchObject(expected);
    expect(await read(text, { types, typeName: 'pump' })).toMatchObject(expected);
    expect(await read(text, { types, fileName: 'line-7.csv' })).toMatchObject({
      ...{ type: 'line-7', isNew: true },
    });
    const both = `flow,pressure,${climateHeader.slice(10)}1,2,3,4,5\n`;
    expect(await read(both, { types })).toMatchObject({ type: 'climate', rows: ['3 4 5'] });
    expect(await read(both, { types, typeName: 'pump' })).toMatchObject({ type: 'pump', rows: ['1 2'] });
    expect(await read(both, { types, typeName: 'all' })).toMatchObject({ type: 'all', isNew: true });
  });

  test.each(['value', 'Value', 'measurement'])(
    'are not told by a feature that is only called %s',
    async (name) => {
      const vague = toType('latency', { [name]: '' });
      const text = `time,${name}\n2026-11-22 15:00:00,1\n`;
      const known = { types: [...types, vague] };
      expect(await read(text, { ...known, fileName: 'boiler.csv' })).toMatchObject({
        type: 'boiler',
        isNew: true,
      });
      expect(await read(text, { ...known, fileName: 'latency.csv' })).toMatchObject({
        type: 'latency',
        isNew: false,
      });
    },
  );

  test('are not those with another unit', async () => {
    const text = 'temperature (°F),humidity,sound_volume\n74,2,3\n';
    expect(await read(text)).toMatchObject({
      isNew: true,
      remarks: ['is not of the type climate: temperature is in °F instead of °C'],
    });
    await expect(read(text, { typeName: 'climate' })).rejects.toThrow('temperature is in °F instead of °C');
  });

  test('that are given or taken are refused if the file does not have their features', async () => {
    const text = 'time,Flow\n2026-11-22 15:00:00,1\n';
    await expect(read(text, { types, typeName: 'pump' })).rejects.toThrow(
      'of the type pump: no column pressure; found "time", "Flow"',
    );
    await expect(read(text, { types, fileName: 'pump.csv' })).rejects.toThrow(
      'which exists; --type gives the type another name',
    );
  });
});

describe('values', () => {
  const valuesOf = async (text: string, options: CsvOptions = {}) => (await read(text, options)).rows;

  test.each([
    ['a;b\n1.000,5;51,0\n23,5;51,0\n', ['1000.5 51', '23.5 51']],
    ["a;b\n1'234.5;2.5\n", ['1234.5 2.5']],
    ['a;b\n1\u202f234,5;2,5\n', ['1234.5 2.5']],
    ['a,b\n"1,234.5",2.5\n', ['1234.5 2.5']],
    ['a,b\n"23,4","0,125"\n', ['23.4 0.125']],
    ['a;b\n7,193;41,2\n', ['7.193 41.2']],
    ['a;b\n1,23E+02;−4,5\n', ['123 -4.5']],
    ['a,b\n23.4 °C,51%\n23.5 °C,52%\n', ['23.4 51', '23.5 52']],
  ])('have decimal and grouping marks: %j', async (text, expected) => {
    expect(await valuesOf(text)).toEqual(expected);
  });

  test('that can be read in two ways are named, with the flag', async () => {
    const { rows, remarks } = await read('rpm,x\n"1,180",1\n');
    expect([rows, remarks]).toEqual([
      ['1180 1'],
      ['reads "1,180" as 1180; --decimal comma reads it in the other way'],
    ]);
    expect(await valuesOf('rpm,x\n"1,180",1\n', { decimal: ',' })).toEqual(['1.18 1']);
  });

  test.each([
    ['time,a,b\n2026-11-22 15:04,21.5,"0,345"\n', '21.5 0.345', 'reads decimal commas in "b"'],
    ['a;b\n21,5;1.234\n21,6;0.345\n', '21.5 1.234', 'reads decimal points in "b"'],
    ['a;b\n21,5;3.25\n', '21.5 3.25', 'reads decimal commas in "a"'],
    ['a;b\n21,5;1.234\n', '21.5 1234', 'reads "1.234" as 1234; --decimal point'],
    ['a\tb\n12.500\t5\n', '12.5 5', 'reads "12.500" as 12.500; --decimal comma'],
  ])('are read by the numbers of their column, which is said: %j', async (text, first, remark) => {
    const { rows, remarks } = await read(text);
    expect(rows[0]).toBe(first);
    expect(remarks).toContainEqual(expect.stringContaining(remark));
  });

  test.each(['a;b\n1.234;5\n1.240;998\n', 'time;a\n2026-11-22 15:04;12.345 °C\n'])(
    'that can be read in two ways are refused in a file with semicolons: %j',
    async (text) => {
      await expect(read(text)).rejects.toThrow(/can be read in two ways, as .*; --decimal point reads/);
      expect((await read(text, { decimal: ',' })).rows[0]).toMatch(/^\d{4,}/);
    },
  );

  test.each(['0,345', '-0,345', '00,345'])('have no groups of thousands after a zero: %s', async (cell) => {
    expect((await valuesOf(`a,b\n${'1.5,2\n'.repeat(5)}"${cell}",2\n`)).at(-1)).toContain('bad: a');
  });

  test('in another unit than their column are bad', async () => {
    expect(await valuesOf('temperature,humidity,sound_volume\n23.4 °C,51 %,55\n74.1 °F,51 %,55\n')).toEqual([
      '23.4 51 55',
      'bad: temperature "74.1 °F": is in °F, but its column is in °C',
    ]);
  });

  test.each([
    '',
    'NA',
    'N/A',
    'NaN',
    'nan',
    'null',
    'None',
    '--',
    '-',
    '?',
    'unavailable',
    'unknown',
    '#N/A',
    ...'Infinity -inf #REF! #NAME? #NUM! #WERT! #DIV/0! (null) n.a. k.A. -1.#IND 1.#QNAN -nan . **** – — Bad'.split(
      ' ',
    ),
    'No Data',
  ])('are missing where a cell is %j', async (mark) => {
    const text = `temperature,humidity,sound_volume\n1,2,3\n${mark},2,3\n`;
    expect(await valuesOf(text)).toEqual(['1 2 3', 'skipped: temperature is missing']);
    expect(await valuesOf(text, { types: [{ ...climate, model: null }] })).toEqual(['1 2 3', ' 2 3']);
  });

  test('are missing by marks that are given, also as numbers', async () => {
    const options = { missingMarks: ['-9999', 'off'], types: [{ ...climate, model: null }] };
    expect(
      await valuesOf('temperature,humidity,sound_volume\n-9999.0,2,OFF\noff,-9999,-9999\n', options),
    ).toEqual([' 2 ', 'skipped: all values are missing']);
  });
});
