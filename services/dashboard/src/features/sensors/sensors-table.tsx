import type { Feature, Sensor, SensorSort } from '@sensor-sentinel/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { useNow } from '../../ui/use-now.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { SensorRow } from './sensor-row.tsx';
import styles from './sensors.module.css';

/** The same as in the style sheet. */
const rowHeight = 48;
/** The next page is loaded when this many loaded rows remain below the view. */
const nearEnd = 30;
/** More features make the table wider than its container. */
const fittingFeatures = 3;

const ariaSorts = { asc: 'ascending', desc: 'descending' } as const;

interface SensorsTableProps {
  sensors: readonly Sensor[];
  total: number;
  onNearEnd: () => void;
}

/** Only the visible rows are in the DOM. */
export function SensorsTable({ sensors, total, onNearEnd }: SensorsTableProps) {
  const api = useApi();
  const { features } = useSensorType();
  const isWide = features.length > fittingFeatures;
  useNow();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const virtualizer = useVirtualizer({
    count: sensors.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sensors[index]?.sensor_id ?? index,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (lastIndex >= sensors.length - nearEnd) onNearEnd();
  }, [lastIndex, sensors.length, onNearEnd]);
  const nowMs = api.now();
  return (
    <ScrollRegion ref={setScroller} className={styles.scroller} label="Sensors table">
      <table
        className={styles.table}
        aria-label="Sensors"
        aria-rowcount={total + 1}
        data-wide={isWide || undefined}
      >
        <colgroup>
          <col className={styles.nameColumn} />
          <col className={styles.stateColumn} />
          <col className={styles.seenColumn} />
          {isWide && <FixedColumns features={features} />}
        </colgroup>
        <SensorsHead features={features} />
        <Spacer height={items[0]?.start ?? 0} />
        <tbody>
          {items.map(({ index, key }) => {
            const sensor = sensors[index];
            return (
              sensor && (
                <SensorRow key={key} sensor={sensor} features={features} index={index} nowMs={nowMs} />
              )
            );
          })}
        </tbody>
        <Spacer height={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
      </table>
    </ScrollRegion>
  );
}

/** The other columns have these widths if there are many, and the table is then wider than its container. */
function FixedColumns({ features }: { features: readonly Feature[] }) {
  return (
    <>
      {features.map(({ name }) => (
        <col key={name} className={styles.figureColumn} data-from="wide" />
      ))}
      <col className={styles.figureColumn} data-from="middle" />
      <col className={styles.figureColumn} data-from="middle" />
      <col className={styles.figureColumn} data-from="narrow" />
    </>
  );
}

/** Takes the space of the rows that are not in the DOM. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td className={styles.spacer} style={{ height }} />
      </tr>
    </tbody>
  );
}

function SensorsHead({ features }: { features: readonly Feature[] }) {
  return (
    <thead>
      <tr>
        <SortHeader sort="name" title="Sensor" />
        <SortHeader sort="state" title="State" />
        <SortHeader sort="last_seen" title="Last seen" />
        {features.map(({ name, title }) => (
          <th key={name} scope="col" title={title} data-number data-from="wide">
            {title}
          </th>
        ))}
        <th scope="col" data-number data-from="middle">
          Per minute
        </th>
        <th scope="col" data-number data-from="middle">
          Anomalies
        </th>
        <th scope="col" data-from="narrow">
          Last hour
        </th>
      </tr>
    </thead>
  );
}

function SortHeader({ sort, title }: { sort: SensorSort; title: string }) {
  const { state, push } = useUrlState();
  const { sensorList } = state;
  const order = sensorList.sort === sort ? sensorList.order : undefined;
  const first = sort === 'last_seen' ? 'desc' : 'asc';
  const next = order === undefined ? first : order === 'asc' ? 'desc' : 'asc';
  const icons = { asc: 'ascending', desc: 'descending' } as const;
  return (
    <th scope="col" aria-sort={order === undefined ? 'none' : ariaSorts[order]}>
      <button
        type="button"
        className={`${tableStyles.sort} ${styles.sortButton}`}
        data-sorted={order !== undefined || undefined}
        onClick={() =>
          push((current) => ({ ...current, sensorList: { ...current.sensorList, sort, order: next } }))
        }
      >
        {title} <Icon name={order === undefined ? 'sortable' : icons[order]} size={14} />
      </button>
    </th>
  );
}
