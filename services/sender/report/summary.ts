import { type Percentiles, percentileNames } from '../load/latencies.ts';
import type { Report } from '../load/measures.ts';

export type Summary = ReturnType<typeof toSummary>;
interface SummaryOptions {
  report: Report;
  /** Rows that were not sent because they are invalid. */
  badRows: number;
  /** The signal that stopped the sender. */
  stoppedBy: string | null;
}

/** The figures of a run; units are in their names. */
export function toSummary({ report, badRows, stoppedBy }: SummaryOptions) {
  const { duration_ms, rows_per_second, latency_ms, service_ms, schedule_lag_ms, ...rest } = report;
  const { event_loop_utilization, sender_limit, ...counts } = rest;
  return {
    ...counts,
    /** The old name of `duplicates`, until 1.0. */
    replayed: counts.duplicates,
    /** Sent but not known to be stored. */
    lost: counts.rejected + counts.conflicts + counts.unreadable + counts.unfinished,
    bad_rows: badRows,
    duration_ms: round(duration_ms),
    rows_per_second: round(rows_per_second),
    latency_ms: roundAll(latency_ms),
    service_ms: roundAll(service_ms),
    schedule_lag_ms: roundAll(schedule_lag_ms),
    event_loop_utilization: round(event_loop_utilization),
    sender_limit,
    stopped_by: stoppedBy,
  };
}

export function formatSummary(summary: Summary): string {
  const { latency_ms, service_ms, schedule_lag_ms, sender_limit, ...figures } = summary;
  const rows = Object.entries(figures).map(([name, value]) => [
    name.replaceAll('_', ' '),
    String(value ?? '–'),
  ]);
  const times = Object.entries({ latency_ms, service_ms, schedule_lag_ms }).map(([name, percentiles]) => [
    name.replaceAll('_', ' '),
    ...percentileNames.map((column) => String(percentiles?.[column] ?? '–')),
  ]);
  const head = ['', ...percentileNames.map((column) => column.replace('_', '.'))];
  const notes = sender_limit === null ? '' : `\n${sender_limit}\n`;
  return `${align(rows)}\n${align([head, ...times])}${notes}`;
}

/** The state of a running replay in one line. */
export function describeCounts(report: Pick<Report, DescribedCount>, now: DescribedRates): string {
  const { accepted, anomalies, rejected, dropped, retries } = report;
  const rate = round(now.accepted_per_second);
  const p99 = now.p99_ms === null ? '' : `, p99 ${round(now.p99_ms)} ms`;
  return `${accepted} accepted, ${anomalies} anomalies, ${rejected} rejected, ${dropped} dropped, ${retries} retries, ${rate} rows/s${p99}`;
}

type DescribedCount = 'accepted' | 'anomalies' | 'rejected' | 'dropped' | 'retries';
type DescribedRates = { accepted_per_second: number; p99_ms: number | null };

/** With `--expect`, only the expectations count. Otherwise a run fails if it was not stopped and a row was not accepted. */
export function toExitCode(summary: Summary, failures: readonly string[] | undefined): 0 | 1 {
  if (failures) return failures.length === 0 ? 0 : 1;
  const { offered, accepted, garbage, skipped, bad_rows, stopped_by } = summary;
  return stopped_by !== null || (accepted + garbage + skipped === offered && bad_rows === 0) ? 0 : 1;
}

/** Pads columns to their widest cell; the first is left-aligned, the others right-aligned. */
function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `${row.map(pad).join('  ')}\n`).join('');
}

function roundAll(percentiles: Percentiles | null): Percentiles | null {
  if (percentiles === null) return null;
  return Object.fromEntries(
    Object.entries(percentiles).map(([name, ms]) => [name, round(ms)]),
  ) as Percentiles; // the same names
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
