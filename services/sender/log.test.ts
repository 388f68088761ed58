import { describe, expect, test } from 'vitest';
import { createBoundedLog, createOutageLog } from './log.ts';
import { createFakeClock } from './testing/fake-clock.ts';

function createLines() {
  const lines: string[] = [];
  return { lines, log: (line: string) => lines.push(line) };
}

describe('createBoundedLog', () => {
  test('logs the first lines, then that it only counts', () => {
    const { lines, log } = createLines();
    const logBadRow = createBoundedLog({ log, limit: 2, kind: 'bad rows' });
    for (const line of ['a', 'b', 'c', 'd']) logBadRow(line);
    expect(lines).toEqual(['a', 'b', 'further bad rows are counted but not listed']);
  });
});

describe('createOutageLog', () => {
  test('logs the beginning and the end of an outage once, and at most one outage in 10 s', () => {
    const { lines, log } = createLines();
    const { clock, advance } = createFakeClock();
    const { onRetry, onAnswer } = createOutageLog({ log, clock });
    onAnswer();
    for (const reason of ['a', 'b']) onRetry(reason);
    for (let answers = 0; answers < 2; answers += 1) onAnswer();
    advance(9999);
    onRetry('c');
    onAnswer();
    advance(1);
    onRetry('d');
    expect(lines).toEqual([
      'retrying until the API answers: a',
      'the API answers again',
      'retrying until the API answers: d',
    ]);
  });
});
