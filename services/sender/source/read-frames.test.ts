import { describe, expect, test } from 'vitest';
import { climate, takeRows } from '../testing/read-csv.ts';
import { climateHeader, needed, provideCsvReader, toType } from '../testing/show-csv.ts';

const { open, read } = provideCsvReader();

describe('frames', () => {
  test.each([
    '"date","flow"\n"1","2026-03-01 07:00:00",5\n"2","2026-03-01 07:01:00",6\n',
    'date;flow\nrow-a;2026-03-01 07:00:00;5\nrow-b;2026-03-01 07:01:00;6\n',
    'temperature,humidity,sound_volume\n1,20.5,50,60\n2,20.6,51,61\n',
    'temperature,humidity,sound_volume\nr1,20.5,50,60\nr2,20.6,51,61\n',
  ])('may have names of rows without a heading, as R writes them: %j', async (text) => {
    const { rows, ignored } = await read(text);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^(?:5|20.5 50 60)$/);
    expect(ignored.filter((heading) => heading.startsWith('column 1'))).toHaveLength(1);
  });

  test('may have times of rows without a heading, as pandas writes them', async () => {
    const text = 'flow,p\n2026-11-22 15:04:05,1.5,2\n2026-11-22 15:05:05,1.6,3\n';
    expect((await read(text, needed)).rows[0]).toBe('1.5 2 @2026-11-22T15:04:05.000Z');
    await expect(read(text.replace(/1\.(?=[56],)/g, '1,'), needed)).rejects.toThrow('4 instead of 2');
    await expect(read(text.replace(/\.(?=[56],)/g, ''), needed)).rejects.toThrow(
      'a first column without a heading needs one',
    );
  });

  test.each([
    [
      'TOA5',
      '"TOA5","CR1000","CR1000","1","Std","p","5","T"\n"TIMESTAMP","RECORD","Batt"\n"TS","RN","Volts"\n"","","Min"\n"2026-11-22 15:00:00",0,12.9\n',
    ],
    [
      'HOBO',
      '"Plot Title: cellar"\r\n"#","Date Time, GMT+00:00","Batt, V (LGR S/N: 1)","Host Connected (LGR S/N: 1)"\r\n1,11/22/26 03:00:00 PM,12.9,\r\n2,11/22/26 03:01:00 PM,,Logged\r\n',
    ],
    [
      'InfluxDB',
      '#group,false,false\n#datatype,string,long\n,result,table,_time,_value,_field\n,,0,2026-11-22T15:00:00Z,12.9,batt\n',
    ],
    [
      'PostgreSQL',
      ' time                   | batt\n------------------------+------\n 2026-11-22 15:00:00+00 | 12.9\n(1 row)\n',
    ],
    ['Excel in German', 'sep=;\r\nZeit;Batt (V)\r\n22.11.2026 15:00;12,9\r\n'],
    ['a title', 'Report\nExported 2026-11-23\n\ntime;batt;note\n2026-11-22 15:00:00;12,9;\n'],
    ['settings', 'Serial,12345\nSite,cellar\n\ntime,batt\n2026-11-22 15:00:00,12.9\n'],
    ['NumPy', '# time,batt\n1795359600,12.9\n1795359660,nan\n'],
    ['delimiters at the end', 'time,batt\n2026-11-22 15:00:00,12.9,\n'],
    ['a delimiter at the end of the header', 'time,batt,\n2026-11-22 15:00:00,12.9\n'],
  ])('of %s are recognized', async (_, text) => {
    const { rows, features } = await read(text, needed);
    expect(features).toHaveLength(1);
    expect(rows.filter((row) => row.startsWith('12.9'))).toEqual(['12.9 @2026-11-22T15:00:00.000Z']);
    expect(rows.filter((row) => row.startsWith('bad'))).toEqual([]);
  });

  test('may have comments, repeated headers and summaries between the rows, which keep their numbers', async () => {
    const text =
      'time,flow\n2026-11-22 15:00:00,1\n# paused\ntime,flow\n2026-11-22 15:00:01,2\n,3\nMean,1.5\nTotal,3\n';
    expect((await read(text, needed)).rows).toEqual([
      '1 @2026-11-22T15:00:00.000Z',
      'skipped: comment',
      'skipped: repeated header',
      '2 @2026-11-22T15:00:01.000Z',
      'skipped: the time is missing',
      'skipped: summary',
      'skipped: summary',
    ]);
    const { reader } = await open(text, needed);
    expect((await takeRows(reader)).map(({ index, line }) => line - index)).toEqual(Array(7).fill(2));
  });

  test('do not take a sensor for a comment or a summary', async () => {
    const text = 'sensor_id,temperature,humidity,sound_volume\n#1,1,2,3\nTotal,1,2,3\n';
    expect((await read(text)).rows).toEqual(['#1: 1 2 3', 'Total: 1 2 3']);
  });

  test.each([
    ['time,temperature,humidity,sound_volume\n,°C,%,dB\n2026-11-22 15:00:00,1,2,3\n', 1],
    ['time;pressure;flow\n[s];[hPa];[l/min]\n2026-11-22 15:00:00;1;2\n', 1],
    ['time,pressure,flow\n,hPa,l/min\n,Avg,Smp\n2026-11-22 15:00:00,1,2\n', 2],
  ])('may have rows of units: %j', async (text, units) => {
    const { rows, features } = await read(text, needed);
    expect(rows.filter((row) => row === 'skipped: units below the header')).toHaveLength(units);
    expect(rows.at(-1)).toMatch(/^1 2/);
    expect(features.every((feature) => feature.includes('['))).toBe(true);
  });

  test('without a header are refused, and read with --no-header', async () => {
    const text = '23.4,51,55.2\n23.5,51,55\n';
    await expect(read(text)).rejects.toThrow(
      'csv:1 has no header: "23.4,51,55.2" is a row of values; --no-header',
    );
    expect(await read(text, { hasHeader: false })).toMatchObject({
      ...{ rows: ['23.4 51 55.2', '23.5 51 55'], features: ['column_1', 'column_2', 'column_3'] },
    });
    const columnNames = { sound_volume: '1', humidity: '2', temperature: '3' };
    expect(await read(text, { hasHeader: false, columnNames })).toMatchObject({
      type: 'climate',
      rows: ['55.2 51 23.4', '55 51 23.5'],
    });
    const copied = '2026-11-22 15:00:00+01\t\\N\n2026-11-22 15:00:01+01\t5\n\\.\n';
    const { rows } = await read(copied, { ...needed, hasHeader: false });
    expect(rows).toEqual(['skipped: column_2 is missing', '5 @2026-11-22T14:00:01.000Z', 'skipped: summary']);
  });

  test.each([
    ['time,flow,p', ['2026-11-22 15:04:05,1,5,2,5', '2026-11-22 15:04:06,1,5,2,5'], '5 instead of 3'],
    ['time,pressure', ['2026-11-22 15:04,21,2', '2026-11-22 15:05,22,4'], '3 instead of 2'],
    ['time,pressure', ['"2026-11-22 15:04",21,2', '"2026-11-22 15:05",22,4'], '3 instead of 2'],
    ['n,flow', ['1,21,2', '2,22,4'], '3 instead of 2'],
    ['device,flow', ['d1,21,2', 'd2,22,4'], '3 instead of 2'],
    ['temperature,humidity,sound_volume', ['21.5,40.2,50.1,7', '21.4,40.1,50.2,8'], '4 instead of 3'],
    ['temperature,humidity,sound_volume', ['21,40,50,7', '22,40,50,8'], '4 instead of 3'],
    ['pressure,flow,speed', ['1.5,2.5,3.5,ok', '1.6,2.6,3.6,warm'], '4 instead of 3'],
  ])('with too many cells in each row are refused: %s', async (header, rows, counts) => {
    await expect(read(`${header}\n${rows.join('\n')}\n`)).rejects.toThrow(
      `csv:1 has rows with another number of cells than its header, ${counts}; numbers with decimal commas need quotes`,
    );
  });

  test.each([
    'time;value\n2026-11-22 15:04;21,2\n2026-11-22 15:05;21,35\n',
    'Datum;Temperatur\n22.11.2026 15:04;21,2\n22.11.2026 15:05;21,35\n',
    'Zeit;Temperatur [°C]\n2026-11-22 15:04;21,2°C\n2026-11-22 15:05;21,35°C\n',
    'Zeit;Temp, °C\n2026-11-22 15:04;21,2\n2026-11-22 15:05;21,35\n',
    'time\tvalue\n2026-11-22 15:04\t21,2\n2026-11-22 15:05\t21,35\n',
    'time|value\n2026-11-22 15:04|21,2\n2026-11-22 15:05|21,35\n',
    'Station A, Berlin\n\nZeit;Wert\n2026-11-22 15:04;21,2\n2026-11-22 15:05;21,35\n',
    'n;value\n1;21,2\n2;21,35\n',
    'value\n21,2\n21,35\n',
  ])('have the delimiter that splits their header, not the decimal comma: %j', async (text) => {
    const { features, rows } = await read(text);
    expect(features).toHaveLength(1);
    expect(rows).toEqual(['21.2', '21.35']);
  });

  test('have the delimiter that joins no values, without a header', async () => {
    const options = { hasHeader: false };
    const { rows } = await read('2026-11-22 15:04;21,2\n2026-11-22 15:05;21,35\n', options);
    expect(rows).toEqual(['21.2', '21.35']);
    expect((await read('1,5;21,2\n1,6;21,3\n', options)).rows).toEqual(['1.5 21.2', '1.6 21.3']);
    expect((await read('2\u202f000,5;1 234,5\n', options)).rows).toEqual(['2000.5 1234.5']);
  });

  test.each([
    ['time,pressure,flow\n,bar,Nm3/h\n2026-11-22 15:04,1,2\n', ['pressure [bar]', 'flow [Nm3/h]']],
    ['Datum;p;q\ndd.mm.yyyy hh:mm;bar;Nm3/h\n22.11.2026 15:04;1;2\n', ['p [bar]', 'q [Nm3/h]']],
    ['time,p,q\nUTC,Nm3/h,bar\n2026-11-22 15:04,1,2\n', ['p [Nm3/h]', 'q [bar]']],
    ['time,p,q\ndatetime,float,int\n2026-11-22 15:04,1,2\n', ['p', 'q']],
    ['time,p,q\n,Nm3/h,Nm3/h\n2026-11-22 15:04,1,2\n', ['p [Nm3/h]', 'q [Nm3/h]']],
    ['Report,Pump,Hall\n,flow,speed\n0,1,2\n1,1,2\n', ['flow', 'speed']],
    ['Site,Berlin,Hall\ntime,rpm,temp\n2026-11-22 15:04,1,2\n', ['rpm', 'temp']],
  ])('have names above units, which need not be known: %j', async (text, features) => {
    const found = await read(text);
    expect(found.features).toEqual(features);
    expect(found.rows.at(-1)).toBe('1 2');
  });

  test.each([
    ['time,1,2\n2026-11-22 15:04,1,2\n2026-11-22 15:05,1,2\n', 'csv:1 has the heading "1", which is no name'],
    [
      'time,2026-01-01\n2026-11-22 15:04,1\n2026-11-22 15:05,1\n',
      'the heading "2026-01-01", which is no name',
    ],
    ['"time,flow"\n"2026-11-22 15:04,1.5"\n', 'csv:1 has whole lines in quotes'],
    ['"time;flow;p"\n"2026-11-22 15:04;1,5;2"\n', 'csv:1 has whole lines in quotes'],
    ['time,flow\n', 'csv has no rows below its header; found "time", "flow"'],
    ['time,flow\n2026-11-22 15:04,\n2026-11-22 15:05,NA\n', 'csv has no values, all are missing'],
    ['time,"Temp\n(°C)",flow\n2026-11-22 15:04,1.5,2\n', 'csv:1: a heading has a line break'],
    ['{"time":"2026-11-22","v":1}\n{"time":"2026-11-23","v":2}\n', 'csv holds JSON'],
    ['[\n  {"time":"2026-11-22","v":1}\n]\n', 'csv holds JSON'],
    ['[1.5, 2, 3]\n', 'csv holds JSON'],
    ['<!DOCTYPE html>\n<html><body>Error 502</body></html>\n', 'csv holds a web page or XML'],
    ['time,flow\n2026-11-22 15:04,####\n2026-11-22 15:05,####\n', '"####": a column was too narrow when'],
    ['21.5\n22.5\n', '--no-header names the column column_1'],
    [
      'time,flow\n2026-11-22 15:04,1\n2026-11-22 15:05,ERR\n2026-11-22 15:06,2\n2026-11-22 15:07,3\n',
      '"flow" is not numbers because of "ERR"; --missing "ERR" takes it for a missing value',
    ],
  ])('that cannot be read are refused with the reason: %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  test.each([
    ['time,temp,temp', 'temp temp_2', '"temp" in column 3 temp_2'],
    ['time,time,temp', 'temp', '"time" in column 2 time_2'],
    ['temp,temp,temp_2', 'temp temp_2 temp_2_value', '"temp" in column 2 temp_2'],
  ])('with headings twice have them numbered: %s', async (header, names, remark) => {
    const cells = header.split(',').map((name) => (name === 'time' ? '2026-11-22 15:04' : '1'));
    const { features, remarks } = await read(`${header}\n${cells.join()}\n`);
    expect(features).toEqual(names.split(' '));
    expect(remarks).toContainEqual(expect.stringContaining(`has headings twice; calls ${remark}`));
  });

  test.each(['sep=,\ntime;a\n2026-11-22 15:04;1,5\n', 'sep=|\ntime,a\n2026-11-22 15:04,1.5\n'])(
    'may have a mark that is wrong: %j',
    async (text) => expect((await read(text)).rows).toEqual(['1.5']),
  );

  test('may have a mark of another delimiter, a rule and zeros', async () => {
    const text = 'sep=;\ntime,flow\n-----,----\n2026-11-22 15:04,1\n2026-11-22 15:05,2\0\n';
    expect((await read(text + '2026-11-22 15:06,3\n'.repeat(5))).rows.slice(0, 3)).toEqual([
      'skipped: units below the header',
      '1',
      expect.stringContaining('bad: flow "2\\u0000"'),
    ]);
  });

  test('skip what programs write below the rows, and no cell that was too narrow', async () => {
    const footers = [
      '(3 rows affected)',
      '2 rows in set (0.01 sec)',
      'Completion time: 2026-11-22T15:04',
      '\x1a',
    ];
    const last = ['--- End of report ---', ',Total,12.5', 'TIME,flow,P', '########,1,2'];
    const text = `time,flow,p\n${'2026-11-22 15:04,1,2\n'.repeat(9)}${[...footers, ...last].join('\n')}\n`;
    expect((await read(text)).rows.slice(9)).toEqual([
      ...Array(6).fill('skipped: summary'),
      'skipped: repeated header',
      'bad: "########,1,2": a column was too narrow when the file was saved',
    ]);
  });

  test.each([
    ['time;p', '22.11.2026 15:04;1', 'Gesamt;12', 'skipped: summary'],
    ['time,p', '2026-11-22 15:04,1', 'Celkem,12', 'bad: time "Celkem": expected a time'],
    ['sensor,time,p', 'a,2026-11-22 15:04,1', 'Total,,12', 'skipped: summary'],
  ])('do not send a last line of totals, although no times are sent: %s', async (...lines) => {
    const shown = lines.pop() ?? '';
    expect((await read(`${lines.join('\n')}\n`)).rows.at(-1)).toContain(shown);
  });

  test.each([
    [',temperature,humidity,sound_volume\n0,1,2,3\n1,1,2,3\n', 'column 1 (numbers the rows)'],
    ['Unnamed: 0,temperature,humidity,sound_volume\n0,1,2,3\n1,1,2,3\n', 'Unnamed: 0 (numbers the rows)'],
    ['id,temperature,humidity,sound_volume\n7,1,2,3\n3,1,2,3\n', 'id (an identifier)'],
  ])('may number their rows: %j', async (text, ignored) => {
    expect(await read(text)).toMatchObject({ rows: ['1 2 3', '1 2 3'], ignored: [ignored] });
  });
});

describe('long tables', () => {
  test('of Home Assistant are recognized', async () => {
    const text =
      'entity_id,state,last_changed\nsensor.attic,23.4,2026-11-22T15:04:05.123Z\nbinary_sensor.door,on,2026-11-22T15:04:06Z\n' +
      'sensor.attic,unavailable,2026-11-22T15:04:07Z\nsensor.power,120.5,2026-11-22T15:04:08Z\n';
    expect(await read(text, { ...needed, fileName: 'history.csv' })).toMatchObject({
      ...{ type: 'history', features: ['value'] },
      rows: [
        'sensor.attic: 23.4 @2026-11-22T15:04:05.123Z',
        'skipped: its value is not a number',
        'skipped: value is missing',
        'sensor.power: 120.5 @2026-11-22T15:04:08.000Z',
      ],
    });
  });

  test('of other programs are refused with the flag that reads them', async () => {
    const text =
      'host,_field,_value,_time\nh1,temp,23.4,2026-11-22T15:04:05Z\nh1,rh,51,2026-11-22T15:04:05Z\n';
    await expect(read(text)).rejects.toThrow(
      '--long "sensor=host+_field,value=_value,time=_time" reads them',
    );
    const long = { sensor: 'host+_field', value: '_value', time: '_time' };
    const { rows } = await read(text, { ...needed, long });
    expect(rows).toEqual(['h1 temp: 23.4 @2026-11-22T15:04:05.000Z', 'h1 rh: 51 @2026-11-22T15:04:05.000Z']);
  });

  test.each([
    ['time,device,type,value', ['d1,temp,21.5', 'd1,hum,45'], 'sensor=device+type,value=value,time=time'],
    [
      'time,sensor_id,property,value',
      ['d1,temp,21', 'd1,hum,4'],
      'sensor=sensor_id+property,value=value,time=time',
    ],
    [
      'time,sensor,metric,value,quality',
      ['d1,temp,2,192', 'd1,hum,4,0'],
      'sensor=sensor+metric,value=value,time=time',
    ],
    ['Timestamp,Host,Item,Value', ['h1,temp,21', 'h1,hum,4'], 'sensor=Host+Item,value=Value,time=Timestamp'],
    ['time,device,reading,unit', ['d1,21.5,°C', 'd1,45,%'], 'sensor=device+unit,value=reading,time=time'],
    [
      'Zeit,Messstelle,Messgröße,Messwert',
      ['m1,T,21.5', 'm1,rF,45'],
      'sensor=Messstelle+Messgröße,value=Messwert,time=Zeit',
    ],
    [
      'date,capteur,grandeur,valeur',
      ['c1,t,21.5', 'c1,h,45'],
      'sensor=capteur+grandeur,value=valeur,time=date',
    ],
    ['time,channel,value', ['1,21.5', '2,45'], 'sensor=channel,value=value,time=time'],
  ])('are recognized by a column of quantities: %s', async (header, rows, flag) => {
    const text = `${header}\n${rows.map((row) => `2026-11-22 15:04,${row}\n`).join('')}`;
    await expect(read(text)).rejects.toThrow(`--long "${flag}" reads them`);
  });

  test.each(['time,type,temp,hum', 'time,type,state,temp', 'time,unit,state,flow', 'time,name,value,temp'])(
    'are not those with columns of their own for quantities: %s',
    async (header) => {
      const text = `${header}\n2026-11-22 15:04,M,1,2.5\n2026-11-22 15:05,L,0,4.5\n`;
      expect((await read(text)).features).toHaveLength(2);
    },
  );

  test('give their values to the only feature of a given type', async () => {
    const text = 'device;reading;ts\na;1,5;22.11.2026 15:04\nb;2,5;22.11.2026 15:04\n';
    const long = { sensor: 'device', value: 'reading', time: 'ts' };
    const level = toType('level', { depth: 'm' });
    expect(await read(text, { long, types: [climate, level], typeName: 'level' })).toMatchObject({
      ...{ type: 'level', isNew: false, rows: ['a: 1.5', 'b: 2.5'] },
    });
  });
});

describe('encodings', () => {
  const text = 'Zeit;Öltemp (°C);Fluss\n2026-11-22 15:04:05;23,4;1\n';
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['windows-1252', Buffer.from(text, 'latin1')],
  ])('are found: %s', async (encoding, bytes) => {
    const found = await read(bytes);
    expect(found).toMatchObject({ encoding, features: ['Öltemp [°C]', 'Fluss'], rows: ['23.4 1'] });
  });

  test('can be given', async () => {
    const cyrillic = Buffer.from('54e5ece0;flow\n1;2\n'.replace('54e5ece0', 'T'));
    const bytes = Buffer.concat([Buffer.from([0xd2, 0xe5, 0xec, 0xef]), cyrillic.subarray(1)]);
    expect((await read(bytes, { encoding: 'windows-1251' })).features[0]).toBe('Темп');
  });

  test('that begin behind the first lines cost the rows whose sensors they spoil', async () => {
    const head = `sensor_id,${climateHeader.slice(10)}${'a,1,2,3\n'.repeat(40_000)}`;
    const { rows } = await read(Buffer.concat([Buffer.from(head), Buffer.from('caf\xe9,1,2,3\n', 'latin1')]));
    expect(rows.at(-1)).toContain('is not UTF-8; --encoding gives another encoding');
  });
});
