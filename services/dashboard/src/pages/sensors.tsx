import { anomalyRate } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useId } from 'react';
import { useApi } from '../api/api-context.ts';
import { refreshIntervalMs } from '../api/refresh-policy.ts';
import { Panel } from '../features/panel/panel.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import styles from '../features/sensors/sensors.module.css';
import { SensorsTable } from '../features/sensors/sensors-table.tsx';
import { FeaturePicker } from '../features/types/shown-features.tsx';
import type { SensorList, UrlState } from '../features/url-state/url-state.ts';
import { useSensorType, useUrlState } from '../features/url-state/url-state-context.ts';
import { Empty } from '../ui/empty.tsx';
import { formatAmount, formatCount } from '../ui/format-number.ts';

/** All sensors with their current state and the time of their last reading. Always shows the present. */
export function SensorsView() {
  return (
    <div className={styles.page}>
      <SensorsPanel />
    </div>
  );
}

function SensorsPanel() {
  const { sensorList } = useUrlState().state;
  const query = useSensors();
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (query.data === undefined) {
    return <PanelFallback title="Sensors" query={query} bones={{ count: 8, height: 40 }} />;
  }
  const { sensors, total } = query.data;
  const amount = formatAmount(total, 'sensor');
  return (
    // Refreshed less often than live panels, so only a failed refresh makes it outdated.
    <Panel
      title="Sensors"
      query={{ ...query, isPlaceholderData: false, isHeld: true }}
      aside={<SensorsTools />}
    >
      <p className={styles.total} role="status">
        {sensorList.search === '' ? amount : `${amount} found`}
        {sensors.length < total && ` · ${formatCount(sensors.length)} loaded`}
      </p>
      {total === 0 ? (
        <NoSensors search={sensorList.search} />
      ) : (
        <SensorsTable key={JSON.stringify(sensorList)} sensors={sensors} total={total} onNearEnd={loadMore} />
      )}
    </Panel>
  );
}

/** Sensors per page. */
const pageSensors = 100;

/** The sensors that match the search. Pages are fetched on demand; loaded pages are refreshed. */
function useSensors() {
  const api = useApi();
  const { type, sensorList } = useUrlState().state;
  return useInfiniteQuery({
    queryKey: ['sensors', sensorList, type],
    queryFn: ({ pageParam, signal }) =>
      api.getSensors({ ...sensorList, type, limit: pageSensors, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined, // its type is inferred from this value alone
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }) => {
      // A sensor that moved between two requests may be on both pages.
      const sensors = new Map(
        pages.flatMap((page) => page.sensors).map((sensor) => [sensor.sensor_id, sensor]),
      );
      return { sensors: [...sensors.values()], total: pages.at(-1)?.total ?? 0 };
    },
    placeholderData: keepPreviousData,
    refetchInterval: refreshIntervalMs,
  });
}

/** The search field, and the choice of what the small charts and the columns show. */
function SensorsTools() {
  const { state, push, replace } = useUrlState();
  const { features } = useSensorType();
  const { search, sparkline } = state.sensorList;
  const id = useId();
  return (
    <search className={styles.tools}>
      <div className={styles.field}>
        <label htmlFor={`${id}-search`}>Search</label>
        <input
          id={`${id}-search`}
          type="search"
          placeholder="Part of a name"
          maxLength={64}
          autoComplete="off"
          value={search}
          onChange={({ target }) => replace(withSensorList({ search: target.value }))}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-sparkline`}>Small chart shows</label>
        <select
          id={`${id}-sparkline`}
          value={sparkline}
          onChange={({ target }) => push(withSensorList({ sparkline: target.value }))}
        >
          <option value={anomalyRate}>Anomaly rate</option>
          {features.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <FeaturePicker />
    </search>
  );
}

function withSensorList(part: Partial<SensorList>) {
  return (state: UrlState): UrlState => ({ ...state, sensorList: { ...state.sensorList, ...part } });
}

function NoSensors({ search }: { search: string }) {
  return search === '' ? (
    <Empty title="No sensor has sent a reading yet">Start a sender, or post a reading.</Empty>
  ) : (
    <Empty title={`No sensor name contains “${search}”`}>Try a shorter search text.</Empty>
  );
}
