import type { ReplayOutcomes } from '@sensor-sentinel/contracts';

export const outcomeNames = ['stored', 'rejected', 'bad', 'dropped', 'replayed'] as const;

/** Quoted, because `stored` is a reserved word of MySQL. */
export const outcomeColumns = outcomeNames.map((name) => `\`${name}\``).join(', ');

/** `stored = stored + ?, …`; the values are `toOutcomeValues`. */
export const outcomeSums = outcomeNames.map((name) => `\`${name}\` = \`${name}\` + ?`).join(', ');

export const noOutcomes: ReplayOutcomes = { stored: 0, rejected: 0, bad: 0, dropped: 0, replayed: 0 };

export function toOutcomeValues(outcomes: ReplayOutcomes): number[] {
  return outcomeNames.map((name) => outcomes[name]);
}

/** The number of rows with an outcome. Replayed rows (duplicates) are included in `stored`. */
export function countRows({ stored, rejected, bad, dropped }: ReplayOutcomes): number {
  return stored + rejected + bad + dropped;
}

export function addOutcomes(a: ReplayOutcomes, b: ReplayOutcomes): ReplayOutcomes {
  return {
    stored: a.stored + b.stored,
    rejected: a.rejected + b.rejected,
    bad: a.bad + b.bad,
    dropped: a.dropped + b.dropped,
    replayed: a.replayed + b.replayed,
  };
}
