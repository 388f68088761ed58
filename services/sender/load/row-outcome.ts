import type { BatchAnswer } from '@sensor-sentinel/contracts';
import type { Delivery } from '../transport/deliver.ts';
import { type RowAnswer, toRefusal } from '../transport/post-ndjson.ts';

export type RowOutcome = RowAnswer | { outcome: 'unfinished' };

export const unanswered: RowOutcome = { outcome: 'unreadable', detail: 'answered 200, but not this row' };

/** Of every row of a request that failed as a whole. */
export function toFailure(delivery: Exclude<Delivery<unknown>, { outcome: 'accepted' }>): RowOutcome {
  if (delivery.outcome === 'unfinished') return { outcome: 'unfinished' };
  const { outcome, detail, status } = delivery;
  return { outcome: status === 409 ? 'conflict' : outcome, detail };
}

export function toOutcomesByIndex({ results, rejected }: BatchAnswer): ReadonlyMap<number, RowOutcome> {
  const outcomes = new Map<number, RowOutcome>();
  for (const { index, replayed = false, ...prediction } of results)
    outcomes.set(index, { outcome: 'accepted', prediction, isReplayed: replayed });
  for (const { index, errors } of rejected) outcomes.set(index, toRefusal(errors));
  return outcomes;
}
