import { describe, expect, test } from 'vitest';
import { createMeasures, type Report } from '../load/measures.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { describeCounts, formatSummary, toExitCode, toSummary } from './summary.ts';

const empty = createMeasures({ clock: createFakeClock().clock, utilization: () => 0.25 }).report();
const times = { p50: 1.23456, p75: 2, p90: 3, p95: 4, p99: 5, p99_9: 6, mean: 2, max: 7 };

function summaryOf(report: Partial<Report>, { badRows = 0, stoppedBy = null as string | null } = {}) {
  return toSummary({ report: { ...empty, ...report }, badRows, stoppedBy });
}

describe('toSummary', () => {
  test('adds up lost rows, and rounds', () => {
    const report = {
      rejected: 1,
      conflicts: 2,
      unreadable: 3,
      unfinished: 4,
      dropped: 50,
      latency_ms: times,
    };
    expect(summaryOf(report, { badRows: 2 })).toMatchObject({
      lost: 10,
      bad_rows: 2,
      latency_ms: { ...times, p50: 1.23 },
      service_ms: null,
      stopped_by: null,
    });
  });
});

describe('formatSummary', () => {
  test('formats a table of figures and one of times', () => {
    const text = formatSummary(summaryOf({ accepted: 1234, latency_ms: times, service_ms: times }));
    expect(text).toMatch(/^accepted +1234$/m);
    expect(text).toMatch(/^ +p50 +p75 +p90 +p95 +p99 +p99\.9 +max +mean$/m);
    expect(text).toMatch(/^latency ms +1\.23 +2 +3 +4 +5 +6 +7 +2$/m);
    expect(text).toMatch(/^schedule lag ms( +–){8}$/m);
  });

  test('reports that the sender was the limit', () => {
    const sender_limit = 'the sender was the limit: why';
    expect(formatSummary(summaryOf({ sender_limit }))).toMatch(/\n\nthe sender was the limit: why\n$/);
  });
});

describe('describeCounts', () => {
  test('describes counts and rates in one line', () => {
    const now = { accepted_per_second: 2.004, p99_ms: 12.345 };
    expect(describeCounts({ ...empty, accepted: 20, anomalies: 3, retries: 2 }, now)).toBe(
      '20 accepted, 3 anomalies, 0 rejected, 0 dropped, 2 retries, 2 rows/s, p99 12.35 ms',
    );
  });
});

describe('toExitCode', () => {
  test('is 0 if every row was accepted or a signal stopped the sender', () => {
    expect(toExitCode(summaryOf({ offered: 5, accepted: 4, garbage: 1 }), undefined)).toBe(0);
    expect(toExitCode(summaryOf({ offered: 5, accepted: 4 }, { stoppedBy: 'SIGTERM' }), undefined)).toBe(0);
  });

  test('is 1 if a row was not accepted', () => {
    expect(toExitCode(summaryOf({ offered: 5, accepted: 4 }), undefined)).toBe(1);
    expect(toExitCode(summaryOf({ offered: 5, accepted: 5 }, { badRows: 1 }), undefined)).toBe(1);
  });

  test('depends only on expectations if there are any', () => {
    expect(toExitCode(summaryOf({ offered: 5, accepted: 4 }), [])).toBe(0);
    expect(toExitCode(summaryOf({}, { stoppedBy: 'SIGTERM' }), ['expected lost=0, measured 1'])).toBe(1);
  });
});
