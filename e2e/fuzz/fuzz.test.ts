import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { readNumber } from '../testing/random.ts';
import { type Rule, rules } from './oracle.ts';
import { listFound } from './report.ts';
import { drawRequest } from './request.ts';
import { type FuzzReport, runFuzz } from './run-fuzz.ts';

declare module 'vitest' {
  interface ProvidedContext {
    fuzzRequests: number;
  }
}

describe('the requests of a seed', () => {
  test('are the same each time, whichever were drawn before', () => {
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    const forwards = numbers.map((index) => drawRequest(7, index).bytes);
    const backwards = numbers.toReversed().map((index) => drawRequest(7, index).bytes);
    expect(backwards.toReversed()).toEqual(forwards);
    expect(numbers.map((index) => drawRequest(8, index).bytes)).not.toEqual(forwards);
  });
});

describe('the API under requests that no client should send', () => {
  let report: FuzzReport;
  const requests = readNumber('FUZZ_REQUESTS') ?? inject('fuzzRequests');
  const only = readNumber('FUZZ_ONLY');

  beforeAll(async () => {
    const seed = readNumber('FUZZ_SEED') ?? randomInt(2 ** 31);
    process.stdout.write(`fuzz with seed ${seed}\n`);
    report = await runFuzz({ seed, requests, only, adminUrl: inject('databaseAdminUrl') });
    process.stdout.write(`${report.summary}\n`);
  });

  test('gets all of them', () => {
    expect(report.sent).toBe(only === undefined ? requests : 1);
    expect(report.clientReadings).toBeGreaterThan(0);
  });

  test.each(Object.entries(rules))('%s: %s', (rule) => {
    expect(listFound(report.findings, rule as Rule)).toEqual([]); // Object.entries forgets the type of the keys
  });
});
