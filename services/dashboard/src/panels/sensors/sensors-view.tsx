import { useCallback } from 'react';
import { useSensors } from '../../api/use-sensors.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { formatAmount, formatCount } from '../../format/format-number.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { SensorsTable } from './sensors-table.tsx';
import { SensorsTools } from './sensors-tools.tsx';
import styles from './sensors-view.module.css';

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
