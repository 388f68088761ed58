import { type ListedRule, maxListedStates, type RuleState } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { groupBy } from '../../group-by.ts';
import { selectRows } from '../../storage/connection.ts';

/** The sensors of a rule that are not in the state `normal`. */
export type ListedStates = Pick<ListedRule, 'counts' | 'states'>;

/** By the key of the rule. */
export type StatesByRule = Readonly<Record<string, ListedStates>>;

interface SensorState {
  rule: string;
  sensor_id: string;
  state: RuleState;
  sinceMs: number;
}

const order: readonly RuleState[] = ['firing', 'recovering', 'pending', 'error', 'no_data', 'normal'];

/** Counts the states of each rule, and lists the first ones: firing first, the longest first. */
export function toStatesByRule(all: readonly SensorState[]): StatesByRule {
  const byRule = groupBy(all, ({ rule }) => rule);
  return Object.fromEntries(Array.from(byRule, ([rule, states]) => [rule, toListedStates(states)]));
}

function toListedStates(all: readonly SensorState[]): ListedStates {
  const byState = groupBy(all, ({ state }) => state);
  const first = order.flatMap((state) =>
    (byState.get(state) ?? []).toSorted((a, b) => a.sinceMs - b.sinceMs).slice(0, maxListedStates),
  );
  return {
    counts: Object.fromEntries(Array.from(byState, ([state, ofState]) => [state, ofState.length])),
    states: first.slice(0, maxListedStates).map(({ sensor_id, state, sinceMs }) => {
      return { sensor_id, state, since: new Date(sinceMs).toISOString() };
    }),
  };
}

/** What the evaluating process wrote last. It is at most a few seconds old. @throws StorageError */
export async function findStatesByRule(pool: Pool): Promise<StatesByRule> {
  const sql = 'SELECT states FROM rule_evaluation';
  const [row] = await selectRows<{ states: string | null }>(pool, { sql });
  return JSON.parse(row?.states ?? '{}') as StatesByRule; // only `toStatesByRule` writes it
}
