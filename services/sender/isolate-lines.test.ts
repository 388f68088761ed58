import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLineFault, isolateLines } from './isolate-lines.ts';

async function isolateChunks(chunks: readonly Uint8Array[]): Promise<string> {
  async function* emit() {
    yield* chunks;
  }
  let text = '';
  for await (const part of isolateLines(emit())) text += part;
  return text;
}

const isolateText = (text: string) => isolateChunks([Buffer.from(text)]);

describe('findLineFault', () => {
  test.each(['1,2,3', '"1","2",3', ' "1" ,"a ""b"" c",', '"a,b",2', ''])('finds none in %s', (line) => {
    expect(findLineFault(line)).toBeUndefined();
  });

  test.each(['1,"2,3', '1,2"', 'a"b,"c', '"1"2,3', '"', '"a""'])('finds the stray quote in %s', (line) => {
    expect(findLineFault(line)).toBe('expected balanced quotes within the line');
  });

  test('finds a line that is too long', () => {
    expect(findLineFault('x'.repeat(65_537))).toBe('expected at most 65536 characters on a line');
  });
});

describe('isolateLines', () => {
  test('makes one quoted field of a line with a stray quote', async () => {
    expect(await isolateText('a,b\n1,"2\n3,4\n')).toBe('a,b\n"1,""2"\n3,4\n');
  });

  test('leaves out the byte order mark', async () => {
    expect(await isolateText('\ufeff"a",b\r\n')).toBe('"a",b\r\n');
  });

  test('keeps no more of an endless line than its bound', async () => {
    const endless = Array.from({ length: 100 }, () => Buffer.alloc(65_536, 'x'));
    const text = await isolateChunks([...endless, Buffer.from('\n1,2\n')]);
    expect(text).toBe(`"${'x'.repeat(65_537)}"\n1,2\n`);
  });

  test('does not depend on where the chunks end', async () => {
    const lines = fc.array(
      fc.constantFrom('1', 'é', '€', '"', ',', ' ', '\n', '\r\n', '\r', 'x'.repeat(70_000)),
      {
        maxLength: 30,
      },
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lines, sizes, async (parts, lengths) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks: Uint8Array[] = [];
        let from = 0;
        for (const length of lengths) {
          chunks.push(bytes.subarray(from, from + length));
          from += length;
        }
        chunks.push(bytes.subarray(from));
        expect(await isolateChunks(chunks)).toBe(await isolateText(parts.join('')));
      }),
    );
  });
});
