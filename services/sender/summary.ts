import type { Counts } from './counts.ts';

export type Summary = ReturnType<typeof toSummary>;
type Ending = { counts: Counts; endedAt: number; stoppedBy: string | null };

export function toSummary({ counts, endedAt, stoppedBy }: Ending) {
  const { pass, latencyUs, startedAt = endedAt, ...rows } = counts;
  const durationMs = endedAt - startedAt;
  return {
    ...rows,
    passes: pass,
    duration_ms: Math.round(durationMs),
    rows_per_second: toRowsPerSecond(counts.accepted, durationMs),
    latency_p50_ms: toPercentileMs(latencyUs, 50),
    latency_p95_ms: toPercentileMs(latencyUs, 95),
    latency_p99_ms: toPercentileMs(latencyUs, 99),
    stopped_by: stoppedBy,
  };
}

export function formatSummary(summary: Summary): string {
  const rows = Object.entries(summary).map(([name, value]) => [
    name.replaceAll('_', ' '),
    String(value ?? '–'),
  ]);
  const nameWidth = Math.max(...rows.map(([name = '']) => name.length));
  const valueWidth = Math.max(...rows.map(([, value = '']) => value.length));
  return rows
    .map(([name = '', value = '']) => `${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}\n`)
    .join('');
}

/** The state of a replay that goes on. */
export function describeCounts(counts: Counts, now: number): string {
  const { pass, accepted, anomalies, rejected, bad_rows, retries, startedAt = now } = counts;
  const rate = toRowsPerSecond(accepted, now - startedAt);
  return `pass ${pass}: ${accepted} accepted, ${anomalies} anomalies, ${rejected} rejected, ${bad_rows} bad rows, ${retries} retries, ${rate} rows/s`;
}

/** Being told to stop is no failure; a replay that ends by itself has failed unless every row was accepted. */
export function toExitCode({ rows_read, accepted, stopped_by }: Summary): 0 | 1 {
  return stopped_by !== null || accepted === rows_read ? 0 : 1;
}

function toRowsPerSecond(rows: number, durationMs: number): number {
  return durationMs > 0 ? round((rows * 1000) / durationMs) : 0;
}

function toPercentileMs(latencyUs: Counts['latencyUs'], percentile: number): number | null {
  return latencyUs.count === 0 ? null : round(latencyUs.percentile(percentile) / 1000);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
