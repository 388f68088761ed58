import { splitTextLines } from '@sensor-sentinel/model/table';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlocks } from './blocks.ts';

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
