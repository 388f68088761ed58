import type { RoundReport } from './run-round.ts';

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** How often the API and the database were killed. */
export function countKills({ injected }: RoundReport): { api: number; database: number } {
  const everything = injected['kill everything'] ?? 0;
  return {
    api: (injected['kill the API'] ?? 0) + everything,
    database: (injected['kill the database'] ?? 0) + everything,
  };
}

/** The figures of a round, and its violations. */
export function toSummary(report: RoundReport): string {
  const { seed, server, sent, answered, failedAttempts, rows, buckets, leftOut, broken, logs } = report;
  const kills = countKills(report);
  const faults = Object.entries(report.injected).map(
    ([kind, count]) => `    ${String(count).padStart(3)} × ${kind}`,
  );
  const faultsFound = Object.entries(broken).flatMap(([invariant, notes]) => [
    `  BROKEN: ${invariant}`,
    ...notes.map((text) => `    ${text}`),
  ]);
  return [
    `seed ${seed} on ${server}, two APIs, ${seconds(report.durationMs)}:`,
    `  ${sent} readings sent, ${answered} answered 200; ${failedAttempts} attempts failed`,
    `  API killed ${kills.api} times, database killed ${kills.database} times; longest time without an answer ${seconds(report.longestOutageMs)}`,
    ...faults,
    ...(leftOut > 0 ? [`    left out: ${leftOut} × fill the disk (only root may mount a small one)`] : []),
    `  ${rows} rows and ${buckets} rollup buckets compared`,
    ...(faultsFound.length > 0 ? faultsFound : ['  every invariant holds']),
    ...(logs === undefined ? [] : [`  logs: ${logs}; again: npm run test:faults -- --seed ${seed}`]),
  ].join('\n');
}
