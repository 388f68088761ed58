import { maxSensorsPerQuery } from '@sensor-sentinel/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { SearchList } from '../../ui/search-list.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';

/** A searchable list of sensors with their states. Those selected when it is opened come first, and stay in place. */
export function SensorList() {
  const { state, push } = useUrlState();
  const [typed, setTyped] = useState('');
  const [first] = useState(state.sensors);
  const found = useFoundSensors(typed);
  const names = listSensors([...(found.data?.states.keys() ?? [])], first, typed);
  const isFull = state.sensors.length >= maxSensorsPerQuery;
  const total = found.data?.total;

  function choose(sensors: string[]) {
    push((current) => ({ ...current, sensors: sensors.slice(0, maxSensorsPerQuery) }));
  }

  return (
    <>
      <SearchList
        label="Sensors"
        placeholder={total === undefined ? 'Search sensors' : `Search ${formatAmount(total, 'sensor')}`}
        typed={typed}
        onType={setTyped}
        options={names.map((name) => ({
          id: name,
          title: name,
          note: found.data?.states.get(name),
          isDisabled: isFull && !state.sensors.includes(name),
        }))}
        chosen={state.sensors}
        selection="multiple"
        onChoose={choose}
      />
      <p role="status">
        {describeFound(found, names.length)}
        {isFull && ` At most ${maxSensorsPerQuery} sensors can be selected.`}
      </p>
      <button type="button" disabled={state.sensors.length === 0} onClick={() => choose([])}>
        Show all sensors
      </button>
    </>
  );
}

/** Number of names listed; a search finds the others. */
const mostNames = 100;

/** The sensors whose names contain the typed text. */
function useFoundSensors(typed: string) {
  const api = useApi();
  const { type } = useUrlState().state;
  const search = typed.trim();
  return useQuery({
    queryKey: ['sensor-names', search, type],
    queryFn: ({ signal }) => api.getSensors({ type, search, limit: mostNames }, signal),
    select: ({ sensors, total }) => ({
      states: new Map(sensors.map(({ sensor_id, state }) => [sensor_id, state])),
      total,
    }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshIntervalMs,
  });
}

/** The sensors whose names contain the text: those of `first`, then those that start with it, then the others. */
export function listSensors(known: readonly string[], first: readonly string[], typed: string): string[] {
  const text = typed.trim().toLowerCase();
  const order = new Intl.Collator('en', { numeric: true });
  function toRank(name: string): number {
    if (first.includes(name)) return 0;
    return name.toLowerCase().startsWith(text) ? 1 : 2;
  }
  return [...new Set([...first, ...known])]
    .filter((name) => name.toLowerCase().includes(text))
    .toSorted((a, b) => toRank(a) - toRank(b) || order.compare(a, b));
}

function describeFound({ data, error, isFetching }: ReturnType<typeof useFoundSensors>, shown: number) {
  if (error !== null) return `${error.message} Retrying…`;
  if (data === undefined) return 'Loading sensors…';
  if (shown === 0) return isFetching ? '' : 'No matching sensors.';
  if (data.total <= shown) return '';
  return `${formatCount(data.total - shown)} more. Type part of a name to find them.`;
}
