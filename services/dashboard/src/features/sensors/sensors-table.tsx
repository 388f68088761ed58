import { type Feature, featureValueOf, type Sensor, sensorSorts } from '@sensor-sentinel/contracts';
import { createColumnHelper, functionalUpdate, type SortingState, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount, formatDecimal } from '../../ui/format-number.ts';
import { useNow } from '../../ui/use-now.ts';
import { VirtualTable, virtualTableFeatures } from '../../ui/virtual-table.tsx';
import { ofSensor, SilenceButton } from '../silences/silence-button.tsx';
import { useSilences } from '../silences/use-silences.ts';
import { toShortText } from '../time/format-time.ts';
import { Timestamp } from '../time/timestamp.tsx';
import { formatWithUnit } from '../types/format-feature.ts';
import { useShownFeatures } from '../types/shown-features.tsx';
import { UrlLink } from '../url-state/url-link.tsx';
import { useSensorType, useUrlState, useZone } from '../url-state/url-state-context.ts';
import { describeClock } from './describe-clock.ts';
import { SensorSparkline } from './sensor-sparkline.tsx';
import styles from './sensors.module.css';
import { StateLabel } from './state-label.tsx';

interface SensorsTableProps {
  sensors: readonly Sensor[];
  total: number;
  onNearEnd: () => void;
}

/** The API sorts, because it has the sensors that are not loaded. */
export function SensorsTable({ sensors, total, onNearEnd }: SensorsTableProps) {
  useNow(); // the ages
  useSilences();
  const { state, push } = useUrlState();
  const { sort, order } = state.sensorList;
  const features = useShownFeatures();
  const columns = useMemo(() => createColumns(features), [features]);
  const sorting: SortingState = [{ id: sort, desc: order === 'desc' }];
  const table = useTable({
    features: virtualTableFeatures,
    columns,
    data: sensors,
    getRowId: ({ sensor_id }) => sensor_id,
    defaultColumn: { enableSorting: false, size: 112 },
    manualSorting: true,
    enableSortingRemoval: false,
    state: { sorting },
    onSortingChange: (updater) => {
      const [chosen] = functionalUpdate(updater, sorting);
      const sort = sensorSorts.find((name) => name === chosen?.id) ?? 'name';
      const order = chosen?.desc === true ? 'desc' : 'asc';
      push((current) => ({ ...current, sensorList: { ...current.sensorList, sort, order } }));
    },
  });
  return (
    <VirtualTable
      table={table}
      label="Sensors"
      total={total}
      toState={(sensor) => sensor.state}
      onNearEnd={onNearEnd}
    />
  );
}

const helper = createColumnHelper<typeof virtualTableFeatures, Sensor>();

/** Columns that can be sorted have the names of the sorts of the API. */
function createColumns(features: readonly Feature[]) {
  return helper.columns([
    helper.accessor('sensor_id', {
      id: 'name',
      header: 'Sensor',
      cell: ({ getValue }) => (
        <UrlLink
          to={(state) => ({ ...state, view: 'overview', sensors: [getValue()] })}
          current={undefined}
          className={styles.name}
        >
          {getValue()}
        </UrlLink>
      ),
      enableSorting: true,
      sortDescFirst: false,
      size: 168,
    }),
    helper.accessor('state', {
      header: 'State',
      cell: ({ getValue }) => <StateLabel state={getValue()} />,
      enableSorting: true,
      sortDescFirst: false,
      size: 108,
      meta: { smallSize: 92 },
    }),
    helper.accessor('last_seen', {
      header: 'Last seen',
      cell: ({ row }) => <LastSeen sensor={row.original} />,
      enableSorting: true,
      sortDescFirst: true,
      size: 212,
      meta: { smallSize: 88 },
    }),
    ...features.map((feature) =>
      helper.accessor(({ reading }) => reading && featureValueOf(reading, feature.name), {
        id: feature.name,
        header: feature.title,
        cell: ({ getValue }) => formatWithUnit(getValue(), feature),
        size: 120,
        meta: { isNumber: true, from: 'wide' },
      }),
    ),
    helper.accessor('rate_per_minute', {
      header: 'Per minute',
      cell: ({ getValue }) => formatDecimal(getValue()),
      size: 108,
      meta: { isNumber: true, from: 'wide', meaning: 'Readings per minute in the last hour' },
    }),
    helper.accessor('anomalies', {
      header: 'Anomalies',
      cell: ({ row }) => <Anomalies sensor={row.original} />,
      size: 100,
      meta: { isNumber: true, from: 'wide', meaning: 'Anomalies of the readings in the last hour' },
    }),
    helper.accessor('sparkline', {
      header: 'Last hour',
      cell: ({ getValue }) => <SensorSparkline values={getValue()} />,
      size: 98,
      meta: { from: 'small', smallSize: 80 },
    }),
    helper.display({
      id: 'silence',
      header: 'Notifications',
      cell: ({ row }) => <SensorSilence sensor={row.original.sensor_id} />,
      size: 160,
      meta: { from: 'wide' },
    }),
  ]);
}

/** A reading that arrived later than this after its timestamp was delayed or read from a file. */
const lateMs = 60_000;

/** The age of the newest reading, by the clock of the API. */
function LastSeen({ sensor: { last_seen: seen, reading, clock_ahead_ms } }: { sensor: Sensor }) {
  const nowMs = useApi().now();
  const zone = useZone();
  if (seen === null) return <span className={styles.note}>–</span>;
  const toText = (iso: string) => toShortText(new Date(iso), new Date(nowMs), zone);
  const clock = describeClock(clock_ahead_ms);
  const isLate = reading !== null && Date.parse(seen) - Date.parse(reading.timestamp) > lateMs;
  return (
    <span className={styles.seen}>
      <span>
        {formatDuration(nowMs - Date.parse(seen))}
        <span className={styles.ago}> ago</span>
      </span>{' '}
      {clock === null ? (
        <span className={styles.note}>
          <Timestamp iso={seen} text={toText(seen)} />
          {isLate && (
            <>
              , measured at <Timestamp iso={reading.timestamp} text={toText(reading.timestamp)} />
            </>
          )}
        </span>
      ) : (
        <span className={`${styles.note} ${styles.clock}`}>{clock}</span>
      )}
    </span>
  );
}

function SensorSilence({ sensor }: { sensor: string }) {
  const subject = ofSensor(sensor, useSensorType().name);
  return (
    <span className={styles.silence}>
      <SilenceButton subject={subject} />
    </span>
  );
}

function Anomalies({ sensor: { anomalies, count, reading } }: { sensor: Sensor }) {
  return (
    <>
      {anomalies === 0 && reading?.prediction === null ? '–' : formatCount(anomalies)}
      <span className={styles.note}> of {formatCount(count)}</span>
    </>
  );
}
