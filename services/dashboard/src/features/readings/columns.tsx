import { type Feature, featureValueOf, type StoredReading, toSortColumns } from '@sensor-sentinel/contracts';
import {
  type Column,
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
import { useMemo } from 'react';
import { formatScore } from '../../ui/format-number.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { PredictionLabel } from './prediction-label.tsx';
import styles from './readings-panel.module.css';
import { ReadingTime, RowFeedback, WhyButton } from './row-parts.tsx';
import type { ColumnChoice } from './use-column-choice.ts';

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

/** The readings with their sort order in the URL. The API sorts and filters. */
export function useReadingTable(readings: StoredReading[], choice: ColumnChoice): ReadingTable {
  const { state, push } = useUrlState();
  const type = useSensorType();
  const columns = useMemo(() => createReadingColumns(type.features), [type]);
  const hidden = type.features.slice(firstFeatureColumns).map(({ name }) => [name, false] as const);
  const columnVisibility = { model: false, ...Object.fromEntries(hidden), ...choice.visibility };
  const sorting: SortingState = [{ id: state.sort, desc: state.order === 'desc' }];
  return useTable({
    features,
    columns,
    data: readings,
    getRowId: (reading) => reading.id,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    state: { sorting, columnVisibility },
    onColumnVisibilityChange: (updater) => choice.change(functionalUpdate(updater, columnVisibility)),
    onSortingChange: (updater) => {
      const [chosen] = functionalUpdate(updater, sorting);
      const sort = toSortColumns(type).find((column) => column === chosen?.id);
      if (chosen === undefined || sort === undefined) return;
      push((current) => ({ ...current, sort, order: chosen.desc ? 'desc' : 'asc' }));
    },
  });
}

const helper = createColumnHelper<typeof features, StoredReading>();

/** The API reserves `explanation` and `label`, so no feature has these names. */
function createReadingColumns(shown: readonly Feature[]) {
  return helper.columns([
    helper.display({
      id: 'explanation',
      header: 'Explanation',
      cell: ({ row }) => <WhyButton reading={row.original} className={styles.why} />,
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
