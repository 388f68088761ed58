import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from './lines.ts';

const split = (lines: readonly string[]) => splitLines(lines, ',');
const unbalanced = { fault: 'expected balanced quotes within the line' };

describe('splitLines', () => {
  test.each([
    ['1,2,3', ['1', '2', '3']],
    ['"1","2",3', ['1', '2', '3']],
    [' "1" ,"a ""b"" c",', ['1', 'a "b" c', '']],
    ['"a,b",2', ['a,b', '2']],
  ])('splits %s', (line, cells) => {
    expect(split([line])).toEqual([cells]);
  });

  test.each(['1,"2,3', '1,2"', 'a"b,"c', '"1"2,3', '"', '"a""'])('finds the stray quote in %s', (line) => {
    expect(split([line, '"1",2'])).toEqual([unbalanced, ['1', '2']]);
  });

  test('finds a line that is too long', () => {
    expect(split(['x'.repeat(65_537)])).toEqual([{ fault: 'expected at most 65536 characters on a line' }]);
  });

  test.each([',', ';', '\t', '|'])('gives back what was quoted, between %j', (delimiter) => {
    const cell = fc.stringMatching(/^[a-z0-9,;|" .é]{0,12}$/).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1 }), (rows) => {
        const lines = rows.map((cells) =>
          cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter),
        );
        expect(splitLines(lines, delimiter)).toEqual(rows);
      }),
    );
  });
});
