import { type IncidentSort, incidentStateSchema } from '@sensor-sentinel/contracts';
import type { IncidentList, UrlState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './incidents.module.css';
import { useRuleNames } from './use-incidents.ts';

export function withIncidentList(part: Partial<IncidentList>) {
  return (state: UrlState): UrlState => ({ ...state, incidentList: { ...state.incidentList, ...part } });
}

const orders: readonly { title: string; sort: IncidentSort; order: 'asc' | 'desc' }[] = [
  { title: 'Newest first', sort: 'opened', order: 'desc' },
  { title: 'Oldest first', sort: 'opened', order: 'asc' },
  { title: 'Longest first', sort: 'length', order: 'desc' },
  { title: 'Shortest first', sort: 'length', order: 'asc' },
  { title: 'Most readings first', sort: 'readings', order: 'desc' },
  { title: 'Fewest readings first', sort: 'readings', order: 'asc' },
  { title: 'Highest score first', sort: 'peak', order: 'desc' },
  { title: 'Lowest score first', sort: 'peak', order: 'asc' },
];

/** The order of the list, in which active incidents always come first, and its filters. */
export function IncidentFilters() {
  const { state, push } = useUrlState();
  const { sort, order, state: shownState, rule } = state.incidentList;
  const names = useRuleNames();
  // A rule of a link may have been deleted since.
  const rules = rule === null || names.includes(rule) ? names : [...names, rule];
  return (
    <search className={styles.filters}>
      <label>
        Order
        <select
          value={orders.findIndex((known) => known.sort === sort && known.order === order)}
          onChange={({ target }) => {
            const chosen = orders[Number(target.value)];
            if (chosen) push(withIncidentList({ sort: chosen.sort, order: chosen.order }));
          }}
        >
          {orders.map(({ title }, index) => (
            <option key={title} value={index}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        State
        <select
          value={shownState ?? ''}
          onChange={({ target }) =>
            push(withIncidentList({ state: incidentStateSchema.safeParse(target.value).data ?? null }))
          }
        >
          <option value="">All</option>
          <option value="firing">Active</option>
          <option value="cleared">Ended</option>
        </select>
      </label>
      <label>
        Rule
        <select
          value={rule ?? ''}
          onChange={({ target }) => push(withIncidentList({ rule: target.value || null }))}
        >
          <option value="">All</option>
          {rules.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </search>
  );
}
