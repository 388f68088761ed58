import { beforeAll, describe, expect, inject, test } from 'vitest';
import { readSeed } from '../testing/random.ts';
import { drawRequest } from './draw-request.ts';
import { rules } from './oracle.ts';
import { type FuzzReport, toSummary } from './report.ts';
import { runFuzz } from './run-fuzz.ts';

declare module 'vitest' {
  interface ProvidedContext {
    fuzzRequests: number;
  }
}

describe('the requests of a seed', () => {
  const draw = (seed: number, index: number) => drawRequest(seed, { index, host: '127.0.0.1:5000' });

  test('are the same each time, whichever were drawn before', () => {
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    const forwards = numbers.map((index) => draw(7, index));
    const backwards = numbers.toReversed().map((index) => draw(7, index));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(numbers.map((index) => draw(8, index))).not.toEqual(forwards);
  });
});

describe('the API under requests that no client should send', () => {
  let report: FuzzReport;
  const requests = inject('fuzzRequests');

  beforeAll(async () => {
    const seed = readSeed('FUZZ_SEED');
    process.stdout.write(`fuzz with seed ${seed}\n`);
    report = await runFuzz({ seed, requests, adminUrl: inject('databaseAdminUrl') });
    process.stdout.write(`${toSummary(report)}\n`);
  });

  test('gets all of them', () => {
    expect(report.sent).toBe(requests);
    expect(report.clientReadings).toBeGreaterThan(0);
  });

  test.each(Object.values(rules))('%s', (rule) => {
    expect(report.broken[rule] ?? []).toEqual([]);
  });
});
