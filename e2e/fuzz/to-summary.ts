import type { FuzzReport } from './run-fuzz.ts';

/** The figures of a run, and whatever it found, for a person to read. */
export function toSummary(report: FuzzReport): string {
  const { sent, statuses, stored, clientReadings, clientRetries, durationMs, broken, logs } = report;
  const counts = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  const lines = [
    `${sent} requests in ${Math.round(durationMs / 1000)} s; answers: ${counts.join(', ')}`,
    `${stored} readings answered 200, ${clientReadings} of them of well-behaved clients, after ${clientRetries} retries`,
    ...Object.entries(broken).flatMap(([rule, texts]) => [
      `NOT: ${rule}`,
      ...texts.map((text) => `  ${text}`),
    ]),
    ...(logs === undefined ? [] : [`the log of the API: ${logs}`]),
  ];
  return lines.join('\n');
}
