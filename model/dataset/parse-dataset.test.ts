import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateDataset } from './generate-dataset.ts';
import { loadDataset } from './load-dataset.ts';
import { parseDataset } from './parse-dataset.ts';
import { toCsv } from './to-csv.ts';

const source = 'readings.csv';

function faultsOf(text: string): string[] {
  try {
    parseDataset(text, { source });
  } catch (error) {
    if (error instanceof Error) return error.message.split('\n').map((line) => line.trim());
  }
  return [];
}

describe('parseDataset', () => {
  test('reads features in the order of the header, wherever the label stands', () => {
    expect(parseDataset('a,target,b\n1,0,-2.5\n3e2,1,.5\n', { source })).toEqual({
      featureNames: ['a', 'b'],
      features: { rows: 2, columns: 2, values: Float64Array.of(1, -2.5, 300, 0.5) },
      labels: Uint8Array.of(0, 1),
    });
  });

  test('reads back what was written', () => {
    const dataset = generateDataset({ rows: 200, seed: 9 });
    expect(parseDataset(toCsv(dataset), { source })).toEqual(dataset);
  });

  test('ignores a byte order mark, CRLF, spaces and empty lines', () => {
    const { featureNames, features } = parseDataset('\ufeffa, target\r\n\r\n 1 , 0\r\n2,1\r\n\r\n', {
      source,
    });
    expect(featureNames).toEqual(['a']);
    expect(Array.from(features.values)).toEqual([1, 2]);
  });

  test('takes another column as the label', () => {
    expect(parseDataset('a,is_leak\n1,1\n', { source, target: 'is_leak' }).labels).toEqual(Uint8Array.of(1));
  });

  test.each([
    ['an empty file', '', 'the file is empty: expected a header and rows'],
    ['no rows', 'a,target\n', 'expected rows after the header, found none'],
    [
      'no label',
      'a,b\n1,0\n',
      'line 1: column "target" is missing: expected it to hold the label, found "a", "b"',
    ],
    ['no feature', 'target\n0\n', 'line 1: 0 feature columns, expected 1 to 64'],
    ['a repeated column', 'a,a,target\n1,2,0\n', 'line 1: column "a" is there twice'],
    ['a column without a name', 'a,,target\n1,2,0\n', 'line 1: column 2 has no name'],
    ['an empty cell', 'a,target\n1,0\n,1\n', 'line 3, column "a": the cell is empty, expected a number'],
    ['text', 'a,target\n12 °C,0\n', 'line 2, column "a": "12 °C", expected a number'],
    ['hexadecimal', 'a,target\n0x1f,0\n', 'line 2, column "a": "0x1f", expected a number'],
    ['infinity', 'a,target\n1e999,0\n', 'line 2, column "a": "1e999", expected a number'],
    ['another label', 'a,target\n1,2\n', 'line 2, column "target": "2", expected 0 or 1'],
    ['a short row', 'a,b,target\n\n1,0\n', 'line 3: 2 cells, expected 3 as in the header'],
    ['an open quote', 'a,target\n"1,0\n', 'line 2: Quote Not Closed'],
  ])('refuses %s', (_, text, fault) => {
    expect(faultsOf(text)[0]).toBe('readings.csv: 1 fault');
    expect(faultsOf(text)[1]).toContain(fault);
  });

  test('shows ten faults and counts the rest', () => {
    const faults = faultsOf(`a,target\n${'x,0\n'.repeat(25)}`);
    expect(faults[0]).toBe('readings.csv: 25 faults');
    expect(faults[10]).toBe('line 11, column "a": "x", expected a number');
    expect(faults.at(-1)).toBe('and 15 more');
  });
});

describe('loadDataset', () => {
  test('hashes the bytes of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dataset-'));
    const path = join(folder, 'rows.csv');
    await writeFile(path, 'a,target\n1,0\n');
    const { sha256, labels } = await loadDataset(path);
    expect(sha256).toBe('86d7d52d7a8aff7014c3f20030a773bba988f1e4a59e99db0330b28a38fdf07d');
    expect(labels).toEqual(Uint8Array.of(0));
    await rm(folder, { recursive: true });
  });

  test('names the file that is not there', async () => {
    await expect(loadDataset('/nowhere/rows.csv')).rejects.toThrow(
      /\/nowhere\/rows\.csv: 1 fault\n {2}cannot be read/,
    );
  });
});
