import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlocks, splitLines, splitTextLines } from './lines.ts';

async function* emit(chunks: readonly Buffer[]) {
  yield* chunks;
}

async function linesOf(chunks: readonly Buffer[]) {
  const lines: string[] = [];
  for await (const { text } of readBlocks(emit(chunks), 0)) lines.push(...splitTextLines(text));
  return lines;
}

describe('readBlocks', () => {
  test('does not depend on where the chunks end', async () => {
    const parts = fc.array(fc.constantFrom('1', 'é', '€', '"', ',', ' ', '\n', '\r\n', '\r'), {
      maxLength: 30,
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(parts, sizes, async (texts, lengths) => {
        const bytes = Buffer.from(texts.join(''));
        const chunks: Buffer[] = [];
        let from = 0;
        for (const length of lengths) {
          chunks.push(bytes.subarray(from, from + length));
          from += length;
        }
        chunks.push(bytes.subarray(from));
        expect(await linesOf(chunks)).toEqual(splitTextLines(texts.join('')));
      }),
    );
  });

  test('keeps no more of an endless line than shows that it is too long', async () => {
    const endless = Array.from({ length: 100 }, () => Buffer.alloc(65_536, 'x'));
    const [line = '', ...rest] = await linesOf([...endless, Buffer.from('\n1,2\n')]);
    expect(line.length).toBeGreaterThan(65_536);
    expect(line.length).toBeLessThan(400_000);
    expect(rest).toEqual(['1,2']);
  });

  test('says where the next block begins, also behind a line that was shortened', async () => {
    const chunks = ['a\nb', 'c\n', 'x'.repeat(400_000), '\nd\ne'].map((text) => Buffer.from(text));
    const all = Buffer.concat(chunks).toString();
    const ends: number[] = [];
    for await (const { endOffset } of readBlocks(emit(chunks), 0)) ends.push(endOffset);
    expect(ends.map((end) => all.slice(0, end).split('\n').at(-1))).toEqual(['', '', '', 'e']);
  });
});

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
