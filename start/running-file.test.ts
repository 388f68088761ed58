import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { takeRunningFile } from './running-file.ts';

function createFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'running-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'running.json');
}

describe('takeRunningFile', () => {
  test('refuses while the process that took it lives, and not once it has given it back', async () => {
    const file = createFile();
    const running = await takeRunningFile(file);
    await expect(takeRunningFile(file)).rejects.toThrow(`it runs already (process ${process.pid})`);
    running.release();
    expect(existsSync(file)).toBe(false);
    await takeRunningFile(file);
  });

  test('leaves whole what another process has begun to read', async () => {
    const file = createFile();
    const running = await takeRunningFile(file);
    const opened = openSync(file, 'r');
    onTestFinished(() => closeSync(opened));
    running.addChild(process.pid);
    expect(JSON.parse(readFileSync(opened, 'utf8'))).toMatchObject({ children: [] });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ children: [{ pid: process.pid }] });
  });

  test('forgets a process that has ended', async () => {
    const file = createFile();
    const running = await takeRunningFile(file);
    running.addChild(process.ppid);
    running.addChild(process.pid);
    running.removeChild(process.ppid);
    expect(JSON.parse(readFileSync(file, 'utf8')).children).toEqual([
      { pid: process.pid, startTime: expect.any(String) },
    ]);
  });

  test.each(['', '{"starter":', '[]'])('takes a damaged file (%j) for none', async (text) => {
    const file = createFile();
    writeFileSync(file, text);
    await takeRunningFile(file);
    await expect(takeRunningFile(file)).rejects.toThrow('it runs already');
  });
});
