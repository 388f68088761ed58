import { type Feature, featureValueOf, type Sensor, sensorSorts } from '@sensor-sentinel/contracts';
import { createColumnHelper, type SortingState, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { formatCount, formatDecimal } from '../../ui/format-number.ts';
import { useNow } from '../../ui/use-now.ts';
import { VirtualTable, virtualTableFeatures } from '../../ui/virtual-table.tsx';
import { formatWithUnit } from '../types/format-feature.ts';
import { useShownFeatures } from '../types/shown-features.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { LastSeen, SensorName } from './sensor-cells.tsx';
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
      const [chosen] = typeof updater === 'function' ? updater(sorting) : updater;
      const next = sensorSorts.find((name) => name === chosen?.id);
      if (chosen === undefined || next === undefined) return;
      push((current) => ({
        ...current,
        sensorList: { ...current.sensorList, sort: next, order: chosen.desc ? 'desc' : 'asc' },
      }));
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
      cell: ({ getValue }) => <SensorName name={getValue()} />,
      enableSorting: true,
      sortDescFirst: false,
      size: 180,
    }),
    helper.accessor('state', {
      header: 'State',
      cell: ({ getValue }) => <StateLabel state={getValue()} />,
      enableSorting: true,
      sortDescFirst: false,
      size: 118,
      meta: { smallSize: 92 },
    }),
    helper.accessor('last_seen', {
      header: 'Last seen',
      cell: ({ row }) => <LastSeen sensor={row.original} />,
      enableSorting: true,
      sortDescFirst: true,
      size: 230,
      meta: { smallSize: 88 },
    }),
    ...features.map((feature) =>
      helper.accessor(({ reading }) => reading && featureValueOf(reading, feature.name), {
        id: feature.name,
        header: feature.title,
        cell: ({ getValue }) => formatWithUnit(getValue(), feature),
        meta: { isNumber: true, from: 'wide' },
      }),
    ),
    helper.accessor('rate_per_minute', {
      header: 'Per minute',
      cell: ({ getValue }) => formatDecimal(getValue()),
      meta: { isNumber: true, from: 'wide', meaning: 'Readings per minute in the last hour' },
    }),
    helper.accessor('anomalies', {
      header: 'Anomalies',
      cell: ({ row }) => <Anomalies sensor={row.original} />,
      meta: { isNumber: true, from: 'wide', meaning: 'Anomalies of the readings in the last hour' },
    }),
    helper.accessor('sparkline', {
      header: 'Last hour',
      cell: ({ getValue }) => <SensorSparkline values={getValue()} />,
      meta: { from: 'small', smallSize: 80 },
    }),
  ]);
}

function Anomalies({ sensor: { anomalies, count, reading } }: { sensor: Sensor }) {
  return (
    <>
      {anomalies === 0 && reading?.prediction === null ? '–' : formatCount(anomalies)}
      <span className={styles.note}> of {formatCount(count)}</span>
    </>
  );
}
