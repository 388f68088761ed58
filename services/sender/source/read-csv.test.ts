import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feature, TypeAnswer } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CsvOptions, climate, openCsv, takeRows } from '../testing/read-csv.ts';
import type { Row } from './row-reader.ts';
import { createRowTally } from './row-tally.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sender-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A reading as its values, `sensor:` before them and `@time` after them; else what is wrong. */
function show(row: Row): string {
  if (!('reading' in row)) return 'fault' in row ? `bad: ${row.fault}` : `skipped: ${row.skipped}`;
  const { sensor_id, type: _, ...values } = row.reading;
  const sensor = sensor_id === 'replay' ? '' : `${sensor_id}: `;
  const time = row.timestampMs === undefined ? '' : ` @${new Date(row.timestampMs).toISOString()}`;
  return `${sensor}${Object.values(values).join(' ')}${time}${row.label === undefined ? '' : ` label ${row.label}`}`;
}

async function read(content: string | Uint8Array, options: CsvOptions = {}) {
  const { layout, table, reader } = await openCsv(folder, content, options);
  const rows = (await takeRows(reader)).map(show);
  const { choice, ignored, remarks } = layout;
  return {
    ...{ rows, remarks, encoding: table.encoding, type: choice.name, isNew: choice.isNew },
    features: choice.features.map(({ name, unit }) => (unit === '' ? name : `${name} [${unit}]`)),
    ignored: ignored.map(({ heading, reason }) => `${heading} (${reason})`),
  };
}

const needed = { times: 'needed' as const };
const climateHeader = 'timestamp,temperature,humidity,sound_volume\n';
const timesOf = async (texts: readonly string[], options: CsvOptions = {}) => {
  const lines = texts.map((text) => `"${text}",1,2,3\n`).join('');
  const { rows } = await read(climateHeader + lines, { ...needed, ...options });
  return rows.map((row) => row.replace('1 2 3 @', ''));
};

describe('times', () => {
  test.each([
    ['2026-11-22 15:04:05.745232+02', '2026-11-22T13:04:05.745Z'],
    ['2026-11-22 15:04:05-0330', '2026-11-22T18:34:05.000Z'],
    ['2026-11-22T15:04:05.123456789+05:30', '2026-11-22T09:34:05.123Z'],
    ['2026-11-22 15:04:05 +02:00', '2026-11-22T13:04:05.000Z'],
    ['2026-11-22 15:04:05.5 UTC', '2026-11-22T15:04:05.500Z'],
    ['2026-11-22t15:04:05z', '2026-11-22T15:04:05.000Z'],
    ['2026-11-22T23:59:60Z', '2026-11-23T00:00:00.000Z'],
    ['20261122T150405Z', '2026-11-22T15:04:05.000Z'],
    ['2026/11/22 15:04', '2026-11-22T15:04:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['1795359849', '2026-11-22T15:04:09.000Z'],
    ['1795359848745', '2026-11-22T15:04:08.745Z'],
    ['1795359846745232', '2026-11-22T15:04:06.745Z'],
    ['1795359845745232118', '2026-11-22T15:04:05.745Z'],
    ['1795359847.7452321', '2026-11-22T15:04:07.745Z'],
    ['1.795359849e9', '2026-11-22T15:04:09.000Z'],
    ['11/22/2026 3:04 PM', '2026-11-22T15:04:00.000Z'],
    ['11/22/26 12:04:05 AM', '2026-11-22T00:04:05.000Z'],
    ['22.11.2026 15:04:05', '2026-11-22T15:04:05.000Z'],
    ['22.11.26 15:04', '2026-11-22T15:04:00.000Z'],
    ['22/11/2026, 15:04', '2026-11-22T15:04:00.000Z'],
    ['22-Nov-2026 15:04:05', '2026-11-22T15:04:05.000Z'],
    ['Nov 22, 2026 3:04:05 PM', '2026-11-22T15:04:05.000Z'],
    ['Sun, 22 Nov 2026 15:04:05 +0200', '2026-11-22T13:04:05.000Z'],
    ['Sun Nov 22 15:04:05 2026', '2026-11-22T15:04:05.000Z'],
    ['2026-1-5 3:04 PM', '2026-01-05T15:04:00.000Z'],
    ['2026-11-22-15:04:05', '2026-11-22T15:04:05.000Z'],
    ['2026-11-22-15:04', '2026-11-22T15:04:00.000Z'],
    ['2026-11-22:15:04:05', '2026-11-22T15:04:05.000Z'],
    ['2026-11-22  15:04:05', '2026-11-22T15:04:05.000Z'],
    ['2026-11-22 15:04:05:745', '2026-11-22T15:04:05.745Z'],
    ['2026-11-22T15:04:05+01:00[Europe/Berlin]', '2026-11-22T14:04:05.000Z'],
    ['20261122', '2026-11-22T00:00:00.000Z'],
    ['22112026', '2026-11-22T00:00:00.000Z'],
    ['2026112215', '2026-11-22T15:00:00.000Z'],
    ['202611221504', '2026-11-22T15:04:00.000Z'],
    ['261122150405', '2026-11-22T15:04:05.000Z'],
    ['20261122150405', '2026-11-22T15:04:05.000Z'],
    ['20261122150405745', '2026-11-22T15:04:05.745Z'],
    ['20261122_150405', '2026-11-22T15:04:05.000Z'],
    ['20261122 15:04', '2026-11-22T15:04:00.000Z'],
    ['134398334457450000', '2026-11-22T15:04:05.745Z'],
    ['639309566457450000', '2026-11-22T15:04:05.745Z'],
    ['1795359845,745', '2026-11-22T15:04:05.745Z'],
    ['11.22.2026 3:04 PM', '2026-11-22T15:04:00.000Z'],
    ['11/22/2026  3:04 PM', '2026-11-22T15:04:00.000Z'],
    ['22.11.2026 15:04 Uhr', '2026-11-22T15:04:00.000Z'],
    ['22.11.2026 15:04:05:745', '2026-11-22T15:04:05.745Z'],
    ['22-Okt-2026', '2026-10-22T00:00:00.000Z'],
    ['22. Nov. 2026 15:04', '2026-11-22T15:04:00.000Z'],
    ['22 août 2026 15:04', '2026-08-22T15:04:00.000Z'],
    ['22 dic 2026', '2026-12-22T00:00:00.000Z'],
    ['22 de noviembre de 2026 15:04', '2026-11-22T15:04:00.000Z'],
    ['Sonntag, 22. März 2026 um 15:04 Uhr', '2026-03-22T15:04:00.000Z'],
    ['mar. 24 nov. 2026 15:04', '2026-11-24T15:04:00.000Z'],
    ['November 22, 2026 3:04 PM', '2026-11-22T15:04:00.000Z'],
    ['Nov 22nd, 2026 15:04', '2026-11-22T15:04:00.000Z'],
    ['Nov  2 2026  3:04PM', '2026-11-02T15:04:00.000Z'],
    ['22-NOV-26 03.04.05.745000 PM', '2026-11-22T15:04:05.745Z'],
    ['2026-11-22 15:04:05 CET', '2026-11-22T14:04:05.000Z'],
    ['22.07.2026 15:04:05 MESZ', '2026-07-22T13:04:05.000Z'],
    ['Sun Nov 22 15:04:05 EST 2026', '2026-11-22T20:04:05.000Z'],
    ['Sun Nov 22 2026 15:04:05 GMT+0100 (Central European Standard Time)', '2026-11-22T14:04:05.000Z'],
    ['22/Nov/2026:15:04:05 +0100', '2026-11-22T14:04:05.000Z'],
    ['22.11.2026 15:04:05+01:00', '2026-11-22T14:04:05.000Z'],
  ])('are found in the format of %s', async (text, expected) => {
    expect(await timesOf([text])).toEqual([expected]);
  });

  test.each([
    '2026-02-30 00:00',
    '2026-13-01 00:00',
    '2026-01-01 24:00',
    '2026-01-01T00:60:00Z',
    '1969-12-31T23:59:59Z',
  ])('are not %s', async (text) => {
    const valid = '2026-01-01T00:00:00Z';
    expect(await timesOf([valid, text])).toEqual([
      '2026-01-01T00:00:00.000Z',
      expect.stringContaining('bad: timestamp'),
    ]);
  });

  test.each([
    [['05/04/2026 15:04'], '"M/d/yyyy H:mm" or "d/M/yyyy H:mm"'],
    [['04-05-26 3:04 PM', '04-05-26 3:05 PM'], '"M-d-yy h:mm a" or "d-M-yy h:mm a" or "yy-M-d h:mm a"'],
    [['26/11/22 15:04'], '"d/M/yy H:mm" or "yy/M/d H:mm"'],
    [['26.11.22 15:04'], '"d.M.yy H:mm" or "yy.M.d H:mm"'],
    [['05/05/2026 22:00', '05/05/2026 23:00'], '"M/d/yyyy H:mm" or "d/M/yyyy H:mm"'],
    [['5-5-26 3:04 PM'], '"M-d-yy h:mm a" or "d-M-yy h:mm a"'],
    [['07/07/2026', '07/07/2026'], '"M/d/yyyy" or "d/M/yyyy"'],
    [['11122026'], '"ddMMyyyy" or "MMddyyyy"'],
    [['1711111111'], '"yyMMddHHmm" or "epoch"'],
    [['26112215040574'], 'improbable year as numbers since 1970; --date-format epoch'],
    [['915148800', '915148801'], 'improbable year'],
    [['1.79536E+12', '1.79536E+12'], 'as in "1.79536E+12", are rounded'],
    [['1.795e9'], 'are rounded'],
    [['15:04 Uhr', '15:05 Uhr'], 'times of day without a date'],
    [['2026-11-22 15:04:05 CST'], `--date-format gives it, as in "yyyy-MM-dd HH:mm:ss 'CST'"`],
    [['2026-11-22-15.04.05'], 'as in "yyyy-MM-dd-HH.mm.ss"'],
    [['15:04 22.11.2026'], 'as in "HH:mm dd.MM.yyyy"'],
    [['22 Kasım 2026'], 'as in "d.M.yyyy H:mm:ss"'],
    [['22_11_2026 3:04:05 PM'], 'as in "dd_MM_yyyy h:mm:ss a"'],
    [['46348.628'], '--date-format excel reads them as days since 1900'],
    [['0.5', '1.0'], '--date-format gives it'],
  ])('are refused with the flag where they are ambiguous or unknown: %s', async (texts, message) => {
    await expect(timesOf(texts)).rejects.toThrow(message);
  });

  test('are found by rows in which only one format is possible', async () => {
    const texts = ['05/04/2026 15:04', '12/04/2026 15:04', '13/04/2026 15:04'];
    expect((await timesOf(texts))[0]).toBe('2026-04-05T15:04:00.000Z');
  });

  test.each([
    ['M/d/yyyy H:mm', '05/04/2026 15:04', '2026-05-04T15:04:00.000Z'],
    ["yyyy'/'M'/'d HH'h'mm", '2026/5/4 15h04', '2026-05-04T15:04:00.000Z'],
    ['excel', '46348.628', '2026-11-22T15:04:19.200Z'],
  ])('are read in the given format %s', async (dateFormat, text, expected) => {
    expect(await timesOf([text], { dateFormat })).toEqual([expected]);
  });

  test.each([
    ['Date;Time;flow\n22.11.2026;15:04:05;1\n', '2026-11-22T15:04:05.000Z'],
    ['date,flow,time\n2026-11-22,1,15:04\n', '2026-11-22T15:04:00.000Z'],
    ['Datum;Uhrzeit;flow\n11/22/2026;3:04:05 PM;1\n', '2026-11-22T15:04:05.000Z'],
  ])('are found in two columns: %j', async (text, expected) => {
    expect((await read(text, needed)).rows).toEqual([`1 @${expected}`]);
  });

  const day = '2026-11-22T';
  test.each([
    ['Date,Hour,temp\n2026-11-22,0,6.2\n2026-11-22,1,6.3\n', ['00:00:00.000Z', '01:00:00.000Z']],
    ['dteday,hr,cnt\n2026-11-22,22,6\n2026-11-21,24,6\n', ['22:00:00.000Z', '00:00:00.000Z']],
    ['Datum;Stunde;Minute;t\n22.11.2026;15;4;6,2\n22.11.2026;15;5;6,2\n', ['15:04:00.000Z', '15:05:00.000Z']],
    ['Date,HHMM,p\n2026-11-22,1504,1\n2026-11-22,5,1\n', ['15:04:00.000Z', '00:05:00.000Z']],
    ['Date,Time,p\n2026-11-22,1504,1\n2026-11-22,904,1\n', ['15:04:00.000Z', '09:04:00.000Z']],
    ['Date,Time,p\n20261122,150405,1\n20261122,90405,1\n', ['15:04:05.000Z', '09:04:05.000Z']],
    ['DATE,TIME,p\n11/22/2026,000405,1\n', ['00:04:05.000Z']],
    ['Date,Time,p\n2026-11-22,15:4:5,1\n', ['15:04:05.000Z']],
    ['Date,Time,p\n2026-11-22,15:04:05:745,1\n', ['15:04:05.745Z']],
    ['Date,Time,p\n2026-11-22,15:04 Uhr,1\n', ['15:04:00.000Z']],
    [
      'Date,Time,AM/PM,temp\n11/22/2026,3:04,PM,6\n11/22/2026,12:04,AM,6\n',
      ['15:04:00.000Z', '00:04:00.000Z'],
    ],
    ['Date,Hour,Half,temp\n11/22/2026,3,p.m.,6\n', ['15:00:00.000Z']],
    ['Date,Time,p\n2026-11-22 00:00:00,15:04:05,1\n', ['15:04:05.000Z']],
    ['Date,Time,p\n2026-11-22T00:00:00.000Z,15:04:05,1\n', ['15:04:05.000Z']],
    ['Date,Time,p\n11/22/2026 12:00:00 AM,3:04:05 PM,1\n', ['15:04:05.000Z']],
    ['Date,Time,p\n2026-11-22,1899-12-30 15:04:05,1\n', ['15:04:05.000Z']],
    ['Date,Time,p\n11/22/2026 0:00:00,12/30/1899 3:04:05 PM,1\n', ['15:04:05.000Z']],
    ['Date,Time,p\n11/22/2026,0.5,6\n11/22/2026,0.75,6\n', ['12:00:00.000Z', '18:00:00.000Z']],
    ['Date,Time,Millitm,temp\n11/22/2026,15:04:05,45,6\n', ['15:04:05.045Z']],
    ['YEAR,MO,DY,HR,T2M\n2026,11,22,0,6.2\n2026,11,22,1,6.3\n', ['00:00:00.000Z', '01:00:00.000Z']],
    ['Year,Month,Day,Time,t\n2026,11,22,15:04,6\n', ['15:04:00.000Z']],
    ['Year,DOY,HHMM,t\n2026,326,1504,6\n', ['15:04:00.000Z']],
  ])('of day in cells of their own are added to the dates: %j', async (text, expected) => {
    const { rows, features } = await read(text, needed);
    expect(features).toHaveLength(1);
    expect(rows.map((row) => row.replace(/.*@/, ''))).toEqual(expected.map((time) => day + time));
  });

  test('of day are added to dates in a given format, in the given time zone', async () => {
    const text = 'Date,Time,p\n46348,0.5,6.2\n46348,0.75,6.2\n';
    const { rows } = await read(text, { ...needed, dateFormat: 'excel', timeZone: 'Europe/Berlin' });
    expect(rows).toEqual(['6.2 @2026-11-22T11:00:00.000Z', '6.2 @2026-11-22T17:00:00.000Z']);
    const dotted = 'Date;Time;p\n05.04.2026;3:04 PM;1\n';
    const options = { ...needed, dateFormat: 'MM.dd.yyyy h:mm a' };
    expect((await read(dotted, options)).rows).toEqual(['1 @2026-05-04T15:04:00.000Z']);
  });

  test.each([
    [
      'Date,Time,p\n2026-11-22,1,6\n2026-11-22,2,6\n',
      'if "Time" has their times of day, --columns "timestamp=Date+Time"',
    ],
    ['Date,HR,p\n2026-11-22,52,6\n2026-11-23,55,6\n', 'if "HR" has their times of day'],
    ['date,hour,p\n2026-11-22,H1,6\n2026-11-22,H2,6\n', 'if "hour" has their times of day'],
    ['Date,sunrise,sunset,p\n2026-11-22,7:30,16:20,6\n', '"timestamp=Date+sunrise" adds them'],
  ])('are not taken for midnight without a word: %j', async (text, message) => {
    const { remarks } = await read(text, needed);
    expect(remarks).toContainEqual(expect.stringContaining(`takes the dates in "`));
    expect(remarks).toContainEqual(expect.stringContaining(message));
  });

  test('lack a date where only the first row of a day has one', async () => {
    const { rows } = await read('Date;Time;p\n22.11.2026;15:04;1\n;15:05;2\n;;2\n22.11.2026;;3\n', needed);
    expect(rows).toEqual([
      '1 @2026-11-22T15:04:00.000Z',
      'skipped: the date is missing',
      'skipped: the time is missing',
      'skipped: the time of day is missing',
    ]);
  });

  test.each([
    ['time (Europe/Berlin),t\n2026-11-22 15:04,1\n', '14:04:00.000Z'],
    ['Time Etc/GMT+1,t\n2026-11-22 13:04,1\n', '14:04:00.000Z'],
    ['time_America/New_York,t\n2026-11-22 15:04,1\n', '20:04:00.000Z'],
    ['Local time,UTC time,t\n2026-11-22 15:04,2026-11-22 14:04,1\n', '14:04:00.000Z'],
    ['timestamp_local,timestamp_utc,t\n2026-11-22 15:04,2026-11-22 14:04,1\n', '14:04:00.000Z'],
    ['time,utc_offset,t\n2026-11-22 15:04,+01:00,1\n', '14:04:00.000Z'],
    ['date,tz_offset,t\n22.11.2026 15:04,-0500,1\n', '20:04:00.000Z'],
    ['time,timezone,t\n2026-11-22 15:04,Europe/Berlin,1\n', '14:04:00.000Z'],
  ])('are in the time zone of the file: %j', async (text, expected) => {
    expect((await read(text, needed)).rows).toEqual([`1 @2026-11-22T${expected}`]);
  });

  test('may be in a time zone that a further column tells', async () => {
    const text = 'Date,Time,utc_offset,t\n2026-11-22,15:04,+01:00,1\n';
    expect((await read(text, needed)).remarks).toEqual([
      expect.stringContaining('for UTC, although "utc_offset" may tell their time zone; --timezone'),
    ]);
  });

  test.each(['Zeit (MEZ)', 'Timestamp (EST)', 'time [CET]'])(
    'are in a time zone that is said to be unknown: %s',
    async (heading) => {
      const { remarks } = await read(`${heading},t\n2026-11-22 15:04,1\n`, needed);
      expect(remarks).toEqual([
        expect.stringMatching(/for UTC, although their heading says \w+; --timezone/),
      ]);
    },
  );

  test('are in the columns that are given', async () => {
    const text = 'received,day,clock,flow\n2026-11-23 00:00:00,2026-11-22,15:04:05,1\n';
    const columnNames = { timestamp: 'day+clock' };
    const { rows, remarks } = await read(text, { ...needed, columnNames });
    expect(rows).toEqual(['1 @2026-11-22T15:04:05.000Z']);
    const hobo = '"Start Time, GMT+01:00",flow\n2026-11-22 15:04:05,1\n';
    const given = { ...needed, columnNames: { timestamp: 'Start Time, GMT+01:00' } };
    expect((await read(hobo, given)).rows).toEqual(['1 @2026-11-22T14:04:05.000Z']);
    const split = 'Day+1,Clock,flow\n2026-11-22,15:04,1\n';
    const both = { ...needed, columnNames: { timestamp: 'Day+1+Clock' } };
    expect((await read(split, both)).rows).toEqual(['1 @2026-11-22T15:04:00.000Z']);
    expect(remarks).toContain(
      'ignores "received", which looks like a time; --columns "timestamp=received" reads it',
    );
  });

  test('are in the time zone that is given, also in hours that repeat or are missing', async () => {
    const texts = ['02:30', '02:45', '02:00', '02:30', '03:00'].map((time) => `2026-10-25 ${time}`);
    expect(await timesOf(texts, { timeZone: 'Europe/Berlin' })).toEqual([
      ...['2026-10-25T00:30:00.000Z', '2026-10-25T00:45:00.000Z', '2026-10-25T01:00:00.000Z'],
      ...['2026-10-25T01:30:00.000Z', '2026-10-25T02:00:00.000Z'],
    ]);
    const { layout, reader } = await openCsv(folder, `${climateHeader}2026-03-29 02:30,1,2,3\n`, {
      ...needed,
      timeZone: 'Europe/Berlin',
    });
    expect((await takeRows(reader)).map(show)).toEqual(['1 2 3 @2026-03-29T01:30:00.000Z']);
    expect(layout.time?.clock.counts).toMatchObject({ repeated: 0, missing: 1 });
    expect(await timesOf(['2026-11-22 15:00'], { timeZone: '-03:30' })).toEqual(['2026-11-22T18:30:00.000Z']);
  });

  const berlin = { ...needed, timeZone: 'Europe/Berlin' };
  const sensorTimes = async (times: readonly string[]) => {
    const rows = times.map((time) => `${time.replace(' ', ',2026-10-25 ')},1`).join('\n');
    const shown = (await read(`sensor,time,flow\n${rows}\n`, berlin)).rows;
    return shown.map((row) => row.replace(/^(.).*T(.{5}).*$/, '$1 $2'));
  };

  test.each([
    [
      'sorted by sensor',
      ['a 02:00', 'a 02:30', 'a 02:00', 'a 02:30', 'b 02:00', 'b 02:30', 'b 02:00', 'b 02:30', 'b 03:00'],
      ['a 00:00', 'a 00:30', 'a 01:00', 'a 01:30', 'b 00:00', 'b 00:30', 'b 01:00', 'b 01:30', 'b 02:00'],
    ],
    [
      'of two sensors out of step',
      ['a 02:10:01', 'b 02:10:00', 'a 02:50:01', 'b 02:50:00', 'a 02:10:01', 'b 02:10:00'],
      ['a 00:10', 'b 00:10', 'a 00:50', 'b 00:50', 'a 01:10', 'b 01:10'],
    ],
    [
      'with a row out of order',
      ['a 02:10:00', 'a 02:10:01', 'a 02:10:00', 'a 02:10:02', 'a 02:59:59', 'a 02:59:58', 'a 02:00:00'],
      ['a 00:10', 'a 00:10', 'a 00:10', 'a 00:10', 'a 00:59', 'a 00:59', 'a 01:00'],
    ],
    [
      'of each hour',
      ['a 01:00', 'a 02:00', 'a 02:00', 'a 03:00'],
      ['a 23:00', 'a 00:00', 'a 01:00', 'a 02:00'],
    ],
    [
      'at steps of 40 minutes',
      ['a 02:00', 'a 02:40', 'a 02:20', 'a 03:00'],
      ['a 00:00', 'a 00:40', 'a 01:20', 'a 02:00'],
    ],
    [
      'at any steps',
      ['a 02:55', 'a 02:05', 'a 02:50', 'a 02:49'],
      ['a 00:55', 'a 01:05', 'a 01:50', 'a 01:49'],
    ],
    [
      'in descending order',
      ['a 03:00', 'a 02:30', 'a 02:00', 'a 02:30', 'a 02:00'],
      ['a 02:00', 'a 01:30', 'a 01:00', 'a 00:30', 'a 00:00'],
    ],
  ])('in an hour that repeats follow those of the same sensor: %s', async (_, times, expected) => {
    expect(await sensorTimes(times)).toEqual(expected);
  });

  test('in an hour that repeats are counted if there are too many sensors to follow', async () => {
    const rows = Array.from({ length: 2100 }, (_, index) => `s${index},2026-10-25 02:00,1\n`);
    const { layout, reader } = await openCsv(folder, `sensor,time,flow\n${rows.join('')}`, berlin);
    await takeRows(reader);
    expect(layout.time?.clock.counts).toEqual({ repeated: 2100, missing: 0, unknown: 100 });
  });

  test('without an offset are taken for UTC, which is said, or for the time zone of the heading', async () => {
    const { remarks } = await read('Time,flow\n2026-11-22 15:04,1\n', needed);
    expect(remarks).toEqual([
      expect.stringContaining('"Time" for UTC, as they have no offset; --timezone sets'),
    ]);
    const heading = 'Date Time, GMT-05:00';
    const { rows } = await read(`"${heading}",flow\n11/22/26 03:04:05 PM,1\n`, needed);
    expect(rows).toEqual(['1 @2026-11-22T20:04:05.000Z']);
  });

  test('that are not sent are named', async () => {
    const { remarks } = await read(',flow\n2026-11-22 15:00:05,1\n');
    expect(remarks).toEqual([expect.stringContaining('does not send the times in "column 1"')]);
  });
});

describe('times in columns of numbers', () => {
  test.each([
    ['year,month,day,flow\n2026,3,1,5\n2026,3,2,6\n', '2026-03-01T00:00:00.000Z'],
    ['No,Year,Month,Day,Hour,flow\n1,2026,3,1,7,5\n2,2026,3,1,8,6\n', '2026-03-01T07:00:00.000Z'],
    [
      'year;month;day;hour;minute;second;flow\n2026;3;1;7;5;9;5\n2026;3;1;7;6;9;6\n',
      '2026-03-01T07:05:09.000Z',
    ],
  ])('are read as one time: %j', async (text, time) => {
    const { rows, features } = await read(text, needed);
    expect(features).toEqual(['flow']);
    expect(rows[0]).toBe(`5 @${time}`);
  });

  test('need not be features where there are no times to send', async () => {
    expect((await read('YEAR,MO,DY,HR,T2M\n2026,11,22,0,6.2\n')).features).toEqual(['T2M']);
  });

  test.each(['year,flow\n2026,5\n', 'month,day,flow\n3,1,5\n', 'year,month,day,flow\n26.5,3,1,5\n'])(
    'are features if they make no date: %j',
    async (text) => {
      expect((await read(text)).features.length).toBeGreaterThan(1);
    },
  );
});

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
    const { reader } = await openCsv(folder, text, needed);
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

function toType(name: string, units: Record<string, string>, limits: Partial<Feature> = {}): TypeAnswer {
  const features = Object.entries(units).map(([feature, unit]) => ({
    ...{ name: feature, title: feature, unit, min: null, max: null, decimals: null },
    ...limits,
  }));
  return { name, features, is_default: false, model: null };
}

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

describe('labels', () => {
  const labelsOf = async (name: string, cells: readonly string[]) => {
    const text = `temperature,humidity,sound_volume,${name}\n${cells.map((cell) => `1,2,3,${cell}\n`).join('')}`;
    const { rows, ignored } = await read(text);
    return { labels: rows.map((row) => row.slice(6)), ignored };
  };

  test.each([
    ['label', ['normal', 'anomaly']],
    ['Target', ['0.0', '1.0']],
    ['anomaly', ['False', 'True']],
    ['is_anomaly', ['no', 'yes']],
    ['label', ['OK', 'Fault']],
    ['Störung', ['nein', 'JA']],
    ['stoerung', ['i.O.', 'n.i.O.']],
    ['Fehler', ['falsch', 'wahr']],
    ['label', ['in Ordnung', 'Störung']],
    ['Ausfall', ['gut', 'schlecht']],
    ['Anomalie', ['ok', 'nok']],
    ['panne', ['non', 'oui']],
    ['défaut', ['faux', 'vrai']],
    ['Anomalía', ['no', 'sí']],
    ['fallo', ['falso', 'verdadero']],
    ['anomalia', ['normale', 'guasto']],
    ['guasto', ['no', 'sì']],
    ['storing', ['nee', 'ja']],
    ['falha', ['não', 'sim']],
    ['label', ['normal', 'avería']],
  ])('in a column %s are recognized: %s', async (name, cells) => {
    expect(await labelsOf(name, [...cells, ''])).toEqual({ labels: ['label 0', 'label 1', ''], ignored: [] });
  });

  test.each([
    ['label', ['A', 'B']],
    ['label', ['1', '-1']],
    ['class', ['A', 'B', 'C']],
    ['target', ['ok', 'warm']],
    ['Störung', ['0%', '1%']],
  ])('in a column %s are ignored where they are ambiguous: %s', async (name, cells) => {
    const { labels, ignored } = await labelsOf(name, cells);
    expect(labels).toEqual(cells.map(() => ''));
    expect(ignored).toEqual([expect.stringContaining(`${name} (not labels like 0 and 1`)]);
  });

  const given = (cells: readonly string[], options: CsvOptions = {}) =>
    read(`flow,state\n${cells.map((cell) => `1.5,${cell}\n`).join('')}`, {
      labelColumn: 'state',
      ...options,
    });

  test.each([
    [
      ['normal', 'leak'],
      '"leak"; --anomaly-labels gives all words that mean an anomaly, as in --anomaly-labels "leak"',
    ],
    [['A', 'B'], '"A", "B"; --anomaly-labels'],
    [['0', '1', '2', '3'], '"2", "3"; --anomaly-labels'],
  ])('in a given column are refused where their meaning is not known: %s', async (cells, message) => {
    await expect(given(cells)).rejects.toThrow(`mean neither normal nor anomaly: ${message}`);
  });

  test.each([
    [['normal', 'leak', 'Worn', 'idle'], ['leak', 'worn'], '0110'],
    [['A', 'B'], ['A'], '10'],
    [['0', '1.0', '2.0', '3'], ['2', '3'], '0011'],
    [['1', '-1'], ['1'], '10'],
  ])('mean what --anomaly-labels says: %s', async (cells, anomalyLabels, labels) => {
    const { rows } = await given(cells, { anomalyLabels });
    expect(rows.map((row) => row.at(-1)).join('')).toBe(labels);
  });

  test('given for anomalies are named if the first rows have none', async () => {
    const { remarks } = await given(['ok', 'leak'], { anomalyLabels: ['leek'] });
    expect(remarks).toEqual(['has no "leek" among the first labels in "state", which all count as normal']);
  });

  test('of 1 and -1 are those of scikit-learn, which is said', async () => {
    const { rows, remarks } = await given(['1', '-1', '+1', '-1.0']);
    expect(rows.map((row) => row.at(-1)).join('')).toBe('0101');
    expect(remarks).toEqual([
      'takes -1 in "state" for an anomaly, as in scikit-learn; --anomaly-labels 1 if it is 1',
    ]);
  });

  test('in a column whose name means normal are refused without --anomaly-labels', async () => {
    const text = 'flow,is_ok\n1.5,yes\n1.6,no\n';
    const options = { labelColumn: 'is_ok' };
    await expect(read(text, options)).rejects.toThrow(
      'whose name means normal; --anomaly-labels says which mean an anomaly, as in --anomaly-labels "no"',
    );
    expect((await read(text, { ...options, anomalyLabels: ['no'] })).rows).toEqual([
      '1.5 label 0',
      '1.6 label 1',
    ]);
    expect((await read(text.replace('yes', 'ok').replace('no', 'nok'), options)).rows).toEqual([
      '1.5 label 0',
      '1.6 label 1',
    ]);
  });

  test('that appear later are counted if their meaning is not known', async () => {
    const text = `flow,label\n${'1.5,normal\n'.repeat(9000)}1.5,leak\n1.5,\n1.5,leak\n1.5,fault\n`;
    const { layout, reader } = await openCsv(folder, text);
    const tally = createRowTally({ name: 'pump.csv', choice: layout.choice });
    for (const row of await takeRows(reader)) tally.add(row);
    expect(tally.describe()).toEqual([
      'pump.csv: 2 rows without a label: "leak" means neither normal nor anomaly (first in line 9002); ' +
        '--anomaly-labels gives all words that mean an anomaly',
    ]);
  });

  test('need a column for --anomaly-labels', async () => {
    await expect(read('flow,p\n1,2\n', { anomalyLabels: ['leak'] })).rejects.toThrow('--label names it');
  });
});
