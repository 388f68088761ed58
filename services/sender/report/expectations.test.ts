import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createMeasures, type Report } from '../load/measures.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { expectationNames, expectationsSchema, findFailures } from './expectations.ts';
import { toSummary } from './summary.ts';

const empty = createMeasures({ clock: createFakeClock().clock, utilization: () => 0.25 }).report();
const latency_ms = { p50: 1, p75: 2, p90: 3, p95: 4, p99: 50, p99_9: 60, mean: 2, max: 70 };

function failuresOf(text: string, report: Partial<Report> = {}) {
  const summary = toSummary({ report: { ...empty, ...report }, badRows: 0, stoppedBy: null });
  return findFailures(expectationsSchema.parse(text), summary);
}

describe('expectationsSchema', () => {
  test.each([
    ['p99<50', 'expected the unit us or ms or s, given none'],
    ['p98<50ms', 'no figure is named p98; expected one of p50'],
    ['p99=<50ms', 'expected a name, one of < <= > >= =, and a number'],
    ['p99<fast', 'expected a name, one of < <= > >= =, and a number'],
    ['p99<50m', 'expected a name'],
    ['lost=0ms', 'expected the unit none or %, given ms'],
    ['rate>=5%', 'expected the unit none or /s, given %'],
    ['P99<50ms', 'expected a name'],
    ['', 'expected a list'],
    [' , ', 'expected a list'],
  ])('refuses %s', (text, fault) => {
    const issues = expectationsSchema.safeParse(text).error?.issues;
    expect(issues).toMatchObject([{ message: expect.stringContaining(fault) }]);
  });

  test('reports all faults at once', () => {
    expect(expectationsSchema.safeParse('a<1,lost=0,b<2').error?.issues).toHaveLength(2);
  });
});

describe('findFailures', () => {
  test('is empty if every expectation is met', () => {
    const report = {
      offered: 100,
      accepted: 99,
      requests: 100,
      shed_503: 0,
      rows_per_second: 1000,
      latency_ms,
    };
    expect(
      failuresOf(
        'p99<=50ms, p99<0.051s, p99.9<61000us, lost=0,dup=0, rate>=1000/s,shed<1%,dropped<=1%',
        report,
      ),
    ).toEqual([]);
  });

  test('reports the measured values', () => {
    const report = {
      offered: 200,
      rejected: 1,
      dropped: 3,
      requests: 90,
      retries: 10,
      shed_429: 2,
      latency_ms,
    };
    expect(failuresOf('p99<50ms,lost=0,shed<1%,shed=0,dropped<1%,lost<0.5%', report)).toEqual([
      'expected p99<50ms, measured 50 ms',
      'expected lost=0, measured 1',
      'expected shed<1%, measured 2%',
      'expected shed=0, measured 2',
      'expected dropped<1%, measured 1.5%',
      'expected lost<0.5%, measured 0.5%',
    ]);
  });

  test('fails if nothing was measured', () => {
    expect(failuresOf('p99<50ms')).toEqual(['expected p99<50ms, but nothing was measured']);
    expect(failuresOf('service.max<1s,lag.p50<1s')).toHaveLength(2);
  });
});

describe('docs/sender.md', () => {
  test('names every figure that --expect knows', () => {
    const docs = readFileSync(new URL('../../../docs/sender.md', import.meta.url), 'utf8');
    expect(expectationNames.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});
