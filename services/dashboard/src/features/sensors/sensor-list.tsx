import { maxSensorsPerQuery, type SensorState } from '@sensor-sentinel/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { SearchList } from '../../ui/search-list.tsx';
import { useAlerts } from '../alerts/use-alerts.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { listSensors } from './choose-sensors.ts';

/** A searchable list of sensors with their states. Those selected when it is opened come first, and stay in place. */
export function SensorList() {
  const { state, push } = useUrlState();
  const [typed, setTyped] = useState('');
  const [first] = useState(state.sensors);
  const found = useFoundSensors(typed);
  const states = useLiveStates();
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
          note: states.get(name) ?? found.data?.states.get(name),
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
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : false),
  });
}

/** The current states from the alerts query, which is refreshed; the list itself is not. */
function useLiveStates(): ReadonlyMap<string, SensorState> {
  const { data } = useAlerts();
  return useMemo(() => new Map(data?.sensors.map(({ sensor_id, state }) => [sensor_id, state])), [data]);
}

function describeFound({ data, error, isFetching }: ReturnType<typeof useFoundSensors>, shown: number) {
  if (error !== null) return `${error.message} Retrying…`;
  if (data === undefined) return 'Loading sensors…';
  if (shown === 0) return isFetching ? '' : 'No matching sensors.';
  if (data.total <= shown) return '';
  return `${formatCount(data.total - shown)} more. Type part of a name to find them.`;
}
