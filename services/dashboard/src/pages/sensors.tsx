import { useCallback } from 'react';
import { Panel } from '../features/panel/panel.tsx';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import styles from '../features/sensors/sensors.module.css';
import { SensorsTable } from '../features/sensors/sensors-table.tsx';
import { SensorsTools } from '../features/sensors/sensors-tools.tsx';
import { useSensors } from '../features/sensors/use-sensors.ts';
import { useUrlState } from '../features/url-state/url-state-context.ts';
import { Empty } from '../ui/empty.tsx';
import { formatAmount, formatCount } from '../ui/format-number.ts';

/** All sensors with their current state and the time of their last reading. Always shows the present. */
export function SensorsView() {
  const { sensorList } = useUrlState().state;
  const query = useSensors();
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  if (query.data === undefined) {
    return (
      <div className={styles.page}>
        <PanelFallback title="Sensors" query={query} bones={{ count: 8, height: 40 }} />
      </div>
    );
  }
  const { sensors, total } = query.data;
  const amount = formatAmount(total, 'sensor');
  return (
    <div className={styles.page}>
      {/* Refreshed less often than live panels, so only a failed refresh makes it outdated. */}
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
          <SensorsTable
            key={JSON.stringify(sensorList)}
            sensors={sensors}
            total={total}
            onNearEnd={loadMore}
          />
        )}
      </Panel>
    </div>
  );
}

function NoSensors({ search }: { search: string }) {
  return (
    <Empty title={search === '' ? 'No sensor has sent a reading yet' : `No sensor name contains “${search}”`}>
      {search === '' ? 'Start a sender, or post a reading.' : 'Try a shorter search text.'}
    </Empty>
  );
}
