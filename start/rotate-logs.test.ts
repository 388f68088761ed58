import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startChild } from './child-process.ts';
import { rotateLogs } from './rotate-logs.ts';

function createDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'logs-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

describe('rotateLogs', () => {
  test('empties a log that has grown too large, and its process goes on writing to it', async () => {
    const directory = createDirectory();
    const logFile = join(directory, 'counter.log');
    const count = 'let n = 0; setInterval(() => console.log("line", n++), 1)';
    const child = startChild({ name: 'counter', command: [process.execPath, '-e', count], logFile });
    onTestFinished(() => child.stop(5000));
    const waitForLines = () => vi.waitUntil(() => statSync(logFile).size > 100, { timeout: 30_000 });
    await waitForLines();
    rotateLogs(directory, 100);
    expect(readFileSync(`${logFile}.1`, 'utf8')).toMatch(/^line 0\n/);
    await waitForLines();
    expect(readFileSync(logFile, 'utf8')).toMatch(/^line [1-9]\d*\n/);
  });

  test('keeps three older logs', () => {
    const directory = createDirectory();
    for (const text of ['first', 'second', 'third', 'fourth', 'fifth']) {
      writeFileSync(join(directory, 'api.log'), text);
      rotateLogs(directory, 4);
    }
    const logs = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]);
    expect(Object.fromEntries(logs)).toEqual({
      'api.log': '',
      'api.log.1': 'fifth',
      'api.log.2': 'fourth',
      'api.log.3': 'third',
    });
  });

  test('leaves alone a log of at most the limit', () => {
    const directory = createDirectory();
    writeFileSync(join(directory, 'api.log'), 'four');
    writeFileSync(join(directory, 'empty.log'), '');
    rotateLogs(directory, 4);
    rotateLogs(directory, 4);
    expect(readdirSync(directory)).toEqual(['api.log', 'empty.log']);
  });

  test('leaves alone what is not a log', () => {
    const directory = createDirectory();
    const target = join(createDirectory(), 'target');
    for (const file of [target, join(directory, 'notes.txt')]) writeFileSync(file, 'text');
    symlinkSync(target, join(directory, 'linked.log'));
    rotateLogs(directory, 0);
    expect(readdirSync(directory)).toEqual(['linked.log', 'notes.txt']);
    expect(readFileSync(target, 'utf8')).toBe('text');
  });

  test('empties a log that cannot be copied', () => {
    const directory = createDirectory();
    // A name of 255 bytes is the longest that Linux allows: there is no room for ".1".
    const log = join(directory, `${'a'.repeat(251)}.log`);
    writeFileSync(log, 'text');
    expect(() => rotateLogs(directory, 0)).toThrow('ENAMETOOLONG');
    expect(statSync(log).size).toBe(0);
  });
});
