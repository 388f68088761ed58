import { describe, expect, test } from 'vitest';
import { toCsvCell, toCsvLine } from './csv.ts';

describe('toCsvCell', () => {
  test.each([
    ['attic', 'attic'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a=1', 'a=1'],
  ])('writes %j as %j', (text, cell) => {
    expect(toCsvCell(text)).toBe(cell);
  });

  test('leaves numbers as they are, negative ones too', () => {
    expect([-5.5, 0, 1e-7].map(toCsvCell)).toEqual(['-5.5', '0', '1e-7']);
  });
});

test('a line has the columns of the header', () => {
  const line = toCsvLine({
    id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001',
    sensor_id: '=cmd',
    timestamp: '2026-03-01T00:00:00.000Z',
    temperature: -4,
    humidity: 51,
    sound_volume: 60.5,
    prediction: 1,
    score: 0.75,
    model: 'm-1',
  });
  expect(line).toBe(
    "0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001,'=cmd,2026-03-01T00:00:00.000Z,-4,51,60.5,1,0.75,m-1\r\n",
  );
});
