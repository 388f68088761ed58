import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeFiles } from './write-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'files-'));
afterAll(() => rm(folder, { recursive: true }));

test('replaces existing files', async () => {
  const [a, b] = [join(folder, 'a.json'), join(folder, 'b.json')];
  await writeFile(a, 'an old and longer text');
  await writeFiles([
    { path: a, text: 'new' },
    { path: b, text: 'other' },
  ]);
  expect(await readFile(a, 'utf8')).toBe('new');
  expect(await readFile(b, 'utf8')).toBe('other');
});

test('changes nothing where one of the files cannot be written', async () => {
  const inner = join(folder, 'inner');
  await mkdir(inner);
  await writeFile(join(inner, 'a.json'), 'old');
  const files = [
    { path: join(inner, 'a.json'), text: 'new' },
    { path: join(inner, 'missing', 'b.json'), text: 'new' },
  ];
  await expect(writeFiles(files)).rejects.toThrow('ENOENT');
  expect(await readdir(inner)).toEqual(['a.json']);
  expect(await readFile(join(inner, 'a.json'), 'utf8')).toBe('old');
});
