import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Child, startChild } from './child-process.ts';
import { supervise } from './supervise.ts';

const shortDelays = { firstDelayMs: 1, maxDelayMs: 4, resetAfterMs: Number.POSITIVE_INFINITY };
const oneHourMs = 3_600_000;
const isSaid = { timeout: 30_000 };
const waitForever = 'setInterval(() => undefined, 1000)';

interface Trial {
  /** Starts `node -e` with a script. */
  run: (script: string) => Child;
  logFile: string;
  lines: string[];
  say: (line: string) => void;
  stopping: AbortController;
}

function createTrial(): Trial {
  const directory = mkdtempSync(join(tmpdir(), 'supervise-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const logFile = join(directory, 'api.log');
  const lines: string[] = [];
  const run = (script: string) => {
    const child = startChild({ name: 'api', command: [process.execPath, '-e', script], logFile });
    onTestFinished(() => child.stop(1000));
    return child;
  };
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  return { run, logFile, lines, say: (line) => void lines.push(line), stopping };
}

describe('supervise', () => {
  test('starts a process again with a delay that doubles up to the limit', async () => {
    const { run, logFile, lines, say, stopping } = createTrial();
    const restart = () => run('process.exit(3)');
    const { signal } = stopping;
    const supervised = supervise({ child: restart(), restart, say, signal, backoff: shortDelays });
    await vi.waitUntil(() => lines.length >= 4, isSaid);
    stopping.abort();
    await supervised;
    expect(lines.slice(0, 4)).toEqual(
      [0.001, 0.002, 0.004, 0.004].map(
        (seconds) => `the api ended (exit code 3): starting it again in ${seconds} s; its log is ${logFile}`,
      ),
    );
  });

  test('begins with the first delay again after a process has run long enough', async () => {
    const { run, lines, say, stopping } = createTrial();
    const restart = () => run('');
    const backoff = { ...shortDelays, resetAfterMs: 0 };
    const supervised = supervise({ child: restart(), restart, say, signal: stopping.signal, backoff });
    await vi.waitUntil(() => lines.length >= 3, isSaid);
    stopping.abort();
    await supervised;
    expect(lines.every((line) => line.includes('in 0.001 s'))).toBe(true);
  });

  test('starts a killed process again and leaves it running', async () => {
    const { run, lines, say, stopping } = createTrial();
    const child = run(waitForever);
    const restart = vi.fn(() => run(waitForever));
    supervise({ child, restart, say, signal: stopping.signal, backoff: shortDelays });
    process.kill(child.pid, 'SIGKILL');
    await vi.waitUntil(() => restart.mock.results.length === 1, isSaid);
    expect(lines).toEqual([expect.stringContaining('the api ended (SIGKILL)')]);
    expect(restart.mock.results[0]?.value.hasExited()).toBe(false);
  });

  test('lets a process that may finish end with exit code 0', async () => {
    const { run, logFile, lines, say, stopping } = createTrial();
    const restart = vi.fn(() => run(''));
    await supervise({ child: run(''), restart, mayFinish: true, say, signal: stopping.signal });
    expect(lines).toEqual([`the api has finished; its log is ${logFile}`]);
    expect(restart).not.toHaveBeenCalled();
  });

  test('starts a process that may finish again when it has failed', async () => {
    const { run, lines, say, stopping } = createTrial();
    const child = run('process.exit(1)');
    const { signal } = stopping;
    const backoff = shortDelays;
    await supervise({ child, restart: () => run(''), mayFinish: true, say, signal, backoff });
    expect(lines).toEqual([
      expect.stringContaining('the api ended (exit code 1)'),
      expect.stringContaining('the api has finished'),
    ]);
  });

  test.each([
    [
      'has no such program',
      (logFile: string) => startChild({ name: 'api', command: ['/missing'], logFile }),
      'spawn /missing ENOENT',
    ],
    [
      'cannot open its log',
      (logFile: string) =>
        startChild({ name: 'api', command: [process.execPath], logFile: dirname(logFile) }),
      'EISDIR',
    ],
  ])('tries again when the restart %s', async (_, failing, reason) => {
    const { run, logFile, lines, say, stopping } = createTrial();
    const restart = vi.fn(() => run('')).mockImplementationOnce(() => failing(logFile));
    const child = run('process.exit(1)');
    await supervise({ child, restart, mayFinish: true, say, signal: stopping.signal, backoff: shortDelays });
    expect(lines[1]).toContain(reason);
    expect(lines[2]).toContain('the api has finished');
  });

  test('ends during a delay, without a restart', async () => {
    const { run, lines, say, stopping } = createTrial();
    const restart = vi.fn(() => run(''));
    const backoff = { ...shortDelays, firstDelayMs: oneHourMs };
    const supervised = supervise({ child: run(''), restart, say, signal: stopping.signal, backoff });
    await vi.waitUntil(() => lines.length === 1, isSaid);
    stopping.abort();
    await supervised;
    expect(restart).not.toHaveBeenCalled();
  });

  test('says nothing of a process that was stopped', async () => {
    const { run, lines, say, stopping } = createTrial();
    const restart = vi.fn(() => run(''));
    const child = run(waitForever);
    const supervised = supervise({ child, restart, say, signal: stopping.signal });
    stopping.abort();
    await child.stop(1000);
    await supervised;
    expect(lines).toEqual([]);
    expect(restart).not.toHaveBeenCalled();
  });
});
