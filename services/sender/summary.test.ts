import { describe, expect, test } from 'vitest';
import { createCounts } from './counts.ts';
import { describeCounts, formatSummary, toExitCode, toSummary } from './summary.ts';

function summaryOf(counts: Partial<ReturnType<typeof createCounts>>, stoppedBy: string | null = null) {
  const all = Object.assign(createCounts(), { startedAt: 1000, ...counts });
  return toSummary({ counts: all, endedAt: 5000, stoppedBy });
}

describe('toSummary', () => {
  test('gives counts, duration, rate and latencies', () => {
    const { latencyUs } = createCounts();
    for (let ms = 1; ms <= 100; ms += 1) latencyUs.record(ms * 1000);
    expect(summaryOf({ rows_read: 10, accepted: 9, rejected: 1, latencyUs, pass: 2 })).toMatchObject({
      rows_read: 10,
      accepted: 9,
      rejected: 1,
      passes: 2,
      duration_ms: 4000,
      rows_per_second: 2.25,
      latency_p50_ms: expect.closeTo(50, 0),
      latency_p99_ms: expect.closeTo(99, 0),
      stopped_by: null,
    });
  });

  test('has no latencies and no rate where nothing was sent', () => {
    expect(toSummary({ counts: createCounts(), endedAt: 5000, stoppedBy: null })).toMatchObject({
      duration_ms: 0,
      rows_per_second: 0,
      latency_p50_ms: null,
    });
  });
});

describe('formatSummary', () => {
  test('is a table of aligned columns', () => {
    const lines = formatSummary(summaryOf({ accepted: 1234 }))
      .trimEnd()
      .split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^accepted +1234$/));
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });
});

describe('describeCounts', () => {
  test('is one line', () => {
    const counts = Object.assign(createCounts(), {
      startedAt: 0,
      pass: 1,
      accepted: 20,
      anomalies: 3,
      retries: 2,
    });
    expect(describeCounts(counts, 10_000)).toBe(
      'pass 1: 20 accepted, 3 anomalies, 0 rejected, 0 bad rows, 2 retries, 2 rows/s',
    );
  });
});

describe('toExitCode', () => {
  test('is 0 where every row was accepted, or it was told to stop', () => {
    expect(toExitCode(summaryOf({ rows_read: 5, accepted: 5 }))).toBe(0);
    expect(toExitCode(summaryOf({ rows_read: 5, accepted: 4, bad_rows: 1 }, 'SIGTERM'))).toBe(0);
  });

  test('is 1 where one was not', () => {
    expect(toExitCode(summaryOf({ rows_read: 5, accepted: 4, bad_rows: 1 }))).toBe(1);
  });
});
