import { pino } from 'pino';
import { expect, test } from 'vitest';
import { logFailures } from './log-failures.ts';

test('logFailures logs the first of consecutive failures', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const outcomes = ['fails', 'fails', 'works', 'fails'];
  const work = async () => {
    if (outcomes.shift() === 'fails') throw new Error('no connection');
  };
  const run = logFailures(work, log, 'the work failed; retrying');
  for (let runs = 0; runs < 4; runs++) await run();
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('the work failed; retrying');
});
