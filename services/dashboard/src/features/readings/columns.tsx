import { type Feature, featureValueOf, type StoredReading, toSortColumns } from '@sensor-sentinel/contracts';
import {
  type Column,
  type ColumnVisibilityState,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  functionalUpdate,
  metaHelper,
  type ReactTable,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { formatScore } from '../../ui/format-number.ts';
import { loadStored, store } from '../../ui/stored-choice.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { PredictionLabel } from './prediction-label.tsx';
import styles from './readings-panel.module.css';
import { ReadingTime, RowFeedback, WhyButton } from './row-parts.tsx';

interface ColumnMeta {
  /** Of a column of numbers; their range can be filtered. */
  rangeTitle?: string;
}

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnMeta: metaHelper<ColumnMeta>(),
});

export type ReadingTable = ReactTable<typeof features, StoredReading>;
export type ReadingColumn = Column<typeof features, StoredReading>;

/** The columns of features beyond these are hidden until they are chosen. */
const firstFeatureColumns = 12;

/** The readings, with the chosen columns, which the browser stores, and the sort order of the URL. The API sorts and filters. */
export function useReadingTable(readings: StoredReading[]): ReadingTable {
  const { state, push } = useUrlState();
  const type = useSensorType();
  const columns = useMemo(() => createReadingColumns(type.features), [type]);
  const hidden = type.features.slice(firstFeatureColumns).map(({ name }) => [name, false] as const);
  const firstVisibility: ColumnVisibilityState = { model: false, ...Object.fromEntries(hidden) };
  const [chosen, setChosen] = useState(loadVisibility);
  const columnVisibility = { ...firstVisibility, ...chosen };
  const sorting: SortingState = [{ id: state.sort, desc: state.order === 'desc' }];
  return useTable({
    features,
    columns,
    data: readings,
    getRowId: (reading) => reading.id,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    initialState: { columnVisibility: firstVisibility },
    state: { sorting, columnVisibility },
    onColumnVisibilityChange: (updater) => {
      const visibility = functionalUpdate(updater, columnVisibility);
      setChosen(visibility);
      store(storageKey, JSON.stringify({ visibility }));
    },
    onSortingChange: (updater) => {
      const [first] = functionalUpdate(updater, sorting);
      const sort = toSortColumns(type).find((column) => column === first?.id);
      if (first === undefined || sort === undefined) return;
      push((current) => ({ ...current, sort, order: first.desc ? 'desc' : 'asc' }));
    },
  });
}

const storageKey = 'sensor-sentinel-columns';
const storedSchema = z.object({ visibility: z.record(z.string(), z.boolean()) });

function loadVisibility(): ColumnVisibilityState {
  try {
    return storedSchema.parse(JSON.parse(loadStored(storageKey) ?? '')).visibility;
  } catch {
    return {};
  }
}

const helper = createColumnHelper<typeof features, StoredReading>();

/** The API reserves `explanation` and `label`, so no feature has these names. */
function createReadingColumns(shown: readonly Feature[]) {
  return helper.columns([
    helper.display({
      id: 'explanation',
      header: 'Explanation',
      cell: ({ row }) => <WhyButton reading={row.original} />,
      enableHiding: false,
      size: 72,
    }),
    helper.accessor('timestamp', {
      header: 'Time',
      cell: (cell) => <ReadingTime iso={cell.getValue()} />,
      sortDescFirst: true,
      enableHiding: false,
      size: 190,
    }),
    helper.accessor('sensor_id', {
      header: 'Sensor',
      cell: (cell) => <bdi title={cell.getValue()}>{cell.getValue()}</bdi>,
      enableSorting: false,
      size: 128,
    }),
    helper.accessor('prediction', {
      header: 'Prediction',
      cell: (cell) => <PredictionLabel prediction={cell.getValue()} />,
      sortDescFirst: true,
      size: 118,
    }),
    helper.display({
      id: 'label',
      header: 'Feedback',
      cell: ({ row }) => <RowFeedback reading={row.original} />,
      // Its buttons have the shortcuts.
      enableHiding: false,
      size: 206,
    }),
    ...shown.map((feature) =>
      helper.accessor((reading) => featureValueOf(reading, feature.name), {
        id: feature.name,
        header: toTitleWithUnit(feature),
        cell: (cell) => formatValue(cell.getValue(), feature),
        sortDescFirst: true,
        size: 158,
        meta: { rangeTitle: feature.title },
      }),
    ),
    helper.accessor('score', {
      header: 'Score',
      cell: (cell) => formatScore(cell.getValue()),
      sortDescFirst: true,
      size: 124,
      meta: { rangeTitle: 'Score' },
    }),
    helper.accessor('model', {
      header: 'Model',
      cell: (cell) => <span className={styles.model}>{cell.getValue()}</span>,
      enableSorting: false,
      size: 230,
    }),
  ]);
}
