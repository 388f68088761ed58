import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNumber } from '../testing/random.ts';
import { invariants } from './records.ts';
import { type RoundReport, runRound } from './run-round.ts';
import { createSchedule } from './schedule.ts';

describe('a schedule of faults', () => {
  test('repeats with its seed', () => {
    expect(createSchedule(7)).toEqual(createSchedule(7));
    expect(createSchedule(7)).not.toEqual(createSchedule(8));
  });
});

describe('two APIs and their database under random faults', () => {
  let report: RoundReport;

  beforeAll(async () => {
    const seed = readNumber('FAULTS_SEED') ?? randomInt(2 ** 31);
    process.stdout.write(`faults with seed ${seed}\n`);
    report = await runRound(seed);
    process.stdout.write(`${report.summary}\n`);
  });

  test('API and database are killed 20 times each', () => {
    const { kills } = report;
    expect(kills.api).toBeGreaterThanOrEqual(20);
    expect(kills.database).toBeGreaterThanOrEqual(20);
    expect(report.answered).toBeGreaterThan(1000);
  });

  test.each(Object.values(invariants))('%s', (invariant) => {
    expect(report.broken[invariant] ?? []).toEqual([]);
  });
});
