import { sensorIdSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { climate } from '../../testing/climate.ts';
import { toCsvCell, toCsvHeader, toCsvLine } from './export-readings.ts';

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
    ['\tx', '"\'\tx"'],
    ['a\tb', '"a\tb"'],
    ['a;b', '"a;b"'],
    ['a|b', '"a|b"'],
    ['x;=1+1', '"x;\'=1+1"'],
    ['＝1+1', "'＝1+1"],
    ['\rx', '"\'\rx"'],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a=1', 'a=1'],
  ])('writes %j as %j', (text, cell) => {
    expect(toCsvCell(text)).toBe(cell);
  });

  test('keeps numbers unchanged, including negative ones', () => {
    expect([-5.5, 0, 1e-7].map(toCsvCell)).toEqual(['-5.5', '0', '1e-7']);
  });
});

test('a line has the columns of the header', () => {
  const line = toCsvLine({
    id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001',
    sensor_id: '=cmd',
    type: climate,
    timestamp: '2026-03-01T00:00:00.000Z',
    values: [-4, 51, 60.5],
    prediction: 1,
    score: 0.75,
    model: 'm-1',
  });
  expect(line).toBe(
    "0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001,'=cmd,2026-03-01T00:00:00.000Z,-4,51,60.5,1,0.75,m-1\r\n",
  );
});

const reading = {
  id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001',
  type: climate,
  timestamp: '2026-03-01T00:00:00.000Z',
  values: [-4, 51, 60.5],
  prediction: 1,
  score: 0.75,
  model: 'm-1',
} as const;

/** The fields of a file as read by a spreadsheet with this delimiter. */
function readFields(text: string, delimiter: string): string[] {
  const fields = [''];
  let isQuoted = false;
  let isAtStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted ? character === '"' : character === '"' && isAtStart) {
      const isDoubled = isQuoted && text.charAt(at + 1) === '"';
      if (isDoubled) at += 1;
      else isQuoted = !isQuoted;
      if (isDoubled) fields.push(`${fields.pop()}"`);
      isAtStart = false;
    } else if (!isQuoted && (character === delimiter || character === '\r' || character === '\n')) {
      fields.push('');
      isAtStart = true;
    } else {
      fields.push(`${fields.pop()}${character}`);
      isAtStart = false;
    }
  }
  return fields;
}

function isFormula(field: string): boolean {
  const visible = field.replace(/^["\s\p{C}\p{DI}]+/u, '');
  return /^[=+\-@＝＋－＠|%]/.test(visible) && !/^-?\d+(?:\.\d+)?(?:e-?\d+)?$/.test(visible);
}

const sensorId = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...`=+-@＝＋－＠|%;,'" \u00a0\u3000x1`) },
      fc.constantFrom('🌡️', 'é', 'cmd', '";"', ';=1', '"=1"', '\u3164'),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))
  .filter((text) => sensorIdSchema.safeParse(text).success);

describe('an export', () => {
  test.each([',', ';', '\t', '|'])('has no formula for a spreadsheet with the delimiter %j', (delimiter) => {
    fc.assert(
      fc.property(fc.array(sensorId, { minLength: 1, maxLength: 4 }), (sensorIds) => {
        const lines = sensorIds.map((sensor_id) => toCsvLine({ ...reading, sensor_id }));
        const text = toCsvHeader(climate) + lines.join('');
        expect(readFields(text, delimiter).filter(isFormula)).toEqual([]);
        expect(text.split(delimiter).filter(isFormula)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
