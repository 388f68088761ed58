import { describe, expect, test } from 'vitest';
import { takeRows } from '../testing/read-csv.ts';
import { climateHeader, needed, provideCsvReader, showRow } from '../testing/show-csv.ts';

const { open, read, timesOf } = provideCsvReader();

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
    const { layout, reader } = await open(`${climateHeader}2026-03-29 02:30,1,2,3\n`, {
      ...needed,
      timeZone: 'Europe/Berlin',
    });
    expect((await takeRows(reader)).map(showRow)).toEqual(['1 2 3 @2026-03-29T01:30:00.000Z']);
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
    const { layout, reader } = await open(`sensor,time,flow\n${rows.join('')}`, berlin);
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
