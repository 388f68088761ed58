import type { ReplayOutcomes } from '@sensor-sentinel/contracts';

export const outcomeNames = ['stored', 'rejected', 'bad', 'dropped', 'duplicates'] as const;

/** `stored` is quoted, because it is a reserved word of MySQL. */
const columns: Record<keyof ReplayOutcomes, string> = {
  stored: '`stored`',
  rejected: 'rejected',
  bad: 'bad',
  dropped: 'dropped',
  duplicates: 'duplicates',
};

const columnList = outcomeNames.map((name) => columns[name]);

/** The columns for INSERT; their values are `toOutcomeValues`. */
export const outcomeColumns = columnList.join(', ');

/** The columns for SELECT, each under the name of its outcome. */
export const selectedOutcomes = outcomeNames.map((name) => `${columns[name]} AS \`${name}\``).join(', ');

/** The sums for SELECT … GROUP BY. CAST, because a SUM of integers is a DECIMAL. */
export const summedOutcomes = outcomeNames
  .map((name) => `CAST(SUM(${columns[name]}) AS DOUBLE) AS \`${name}\``)
  .join(', ');

/** `stored = ?, …` for UPDATE; the values are `toOutcomeValues`. */
export const outcomeUpdates = columnList.map((column) => `${column} = ?`).join(', ');

/** `stored = stored + ?, …` for UPDATE; the values are `toOutcomeValues`. */
export const outcomeSums = columnList.map((column) => `${column} = ${column} + ?`).join(', ');

export const noOutcomes: ReplayOutcomes = { stored: 0, rejected: 0, bad: 0, dropped: 0, duplicates: 0 };

export function toOutcomeValues(outcomes: ReplayOutcomes): number[] {
  return outcomeNames.map((name) => outcomes[name]);
}

/** The number of rows with an outcome. Duplicates are included in `stored`. */
export function countRows({ stored, rejected, bad, dropped }: ReplayOutcomes): number {
  return stored + rejected + bad + dropped;
}

export function addOutcomes(a: ReplayOutcomes, b: ReplayOutcomes): ReplayOutcomes {
  return {
    stored: a.stored + b.stored,
    rejected: a.rejected + b.rejected,
    bad: a.bad + b.bad,
    dropped: a.dropped + b.dropped,
    duplicates: a.duplicates + b.duplicates,
  };
}

/** The outcomes of a response. `replayed` is the old name of `duplicates`, until 1.0. */
export function toAnsweredOutcomes({ stored, rejected, bad, dropped, duplicates }: ReplayOutcomes) {
  return { stored, rejected, bad, dropped, duplicates, replayed: duplicates };
}
