import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neutralizeFormulas, restoreFormulas } from './csv-export.ts';

describe('neutralizeFormulas', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['|cmd', "'|cmd"],
    ['%0', "'%0"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
    ['  =1', "'  =1"],
    ['\u00a0=1', "'\u00a0=1"],
    ['\u3000＝1', "'\u3000＝1"],
    ['\u200b=1', "'\u200b=1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['\u3164=1', "'\u3164=1"],
    ['"=1"', `'"=1"`],
    ['x;=1', "x;'=1"],
    ['x; =1', "x;' =1"],
    ['x;"=1', `x;'"=1`],
    ['x,=1', "x,'=1"],
    ['x|=1', "x|'=1"],
    ['x\t=1', "x\t'=1"],
    ['x\n=1', "x\n'=1"],
    ['x\r\n=1', "x\r'\n'=1"],
    ['x\u2028=1', "x\u2028'=1"],
    ['=1;=2', "'=1;'=2"],
    ['\v=1', "\v'=1"],
    ["'\v=1", "'\v'=1"],
    ['"\u2028=1', '"\u2028\'=1'],
    ['\tx', "'\tx"],
    ["'=1", "''=1"],
    ["''=1", "'''=1"],
    ["x;'=1", "x;''=1"],
  ])('writes %j as %j', (text, neutral) => {
    expect(neutralizeFormulas(text)).toBe(neutral);
    expect(restoreFormulas(neutral)).toBe(text);
  });

  test.each([
    'boiler-1',
    'room 2',
    'Küche',
    'Keller; links',
    'a=1',
    'a|b',
    'Bob’s',
    "'s-Hertogenbosch",
    '🌡️ 3',
    '50%',
    '東京－1',
    '',
  ])('leaves %j as it is', (text) => {
    expect(neutralizeFormulas(text)).toBe(text);
    expect(restoreFormulas(text)).toBe(text);
  });
});

test('restoreFormulas restores every text', () => {
  const piece = fc.constantFrom(...`=+-@＝＋－＠|%;,'" \t\r\n\v\f\u0085\u2028\u00a0\u200bx1`);
  const text = fc.array(fc.oneof({ weight: 4, arbitrary: piece }, fc.string({ unit: 'binary' })));
  fc.assert(
    fc.property(text, (pieces) => {
      const joined = pieces.join('');
      expect(restoreFormulas(neutralizeFormulas(joined))).toBe(joined);
    }),
    { numRuns: 5000 },
  );
});
