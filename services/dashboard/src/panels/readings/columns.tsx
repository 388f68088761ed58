import { features, type StoredReading } from '@sensor-sentinel/contracts';
import { createColumnHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table';
import { PredictionLabel } from '../../components/prediction-label.tsx';
import { Timestamp } from '../../components/timestamp.tsx';
import { formatDecimal } from '../../format/format-number.ts';
import styles from './readings-panel.module.css';
import { WhyButton } from './why-button.tsx';

export const readingTableFeatures = tableFeatures({ rowSortingFeature });

const helper = createColumnHelper<typeof readingTableFeatures, StoredReading>();

const featureColumns = features.map(({ name, title, unit }) =>
  helper.accessor(name, {
    header: `${title} (${unit})`,
    cell: (cell) => formatDecimal(cell.getValue()),
    sortDescFirst: true,
  }),
);

export const readingColumns = helper.columns([
  helper.display({
    id: 'why',
    header: 'Explanation',
    cell: ({ row }) => <WhyButton reading={row.original} />,
  }),
  helper.accessor('timestamp', {
    header: 'Timestamp',
    cell: (cell) => <Timestamp iso={cell.getValue()} />,
    sortDescFirst: true,
  }),
  ...featureColumns,
  helper.accessor('prediction', {
    header: 'Prediction',
    cell: (cell) => <PredictionLabel prediction={cell.getValue()} />,
    sortDescFirst: true,
  }),
  helper.accessor('score', {
    header: 'Score',
    cell: (cell) => formatDecimal(cell.getValue(), 3),
    sortDescFirst: true,
  }),
  helper.accessor('sensor_id', { header: 'Sensor', cell: (cell) => cell.getValue(), enableSorting: false }),
  helper.accessor('model', {
    header: 'Model',
    cell: (cell) => <span className={styles.model}>{cell.getValue()}</span>,
    enableSorting: false,
  }),
]);

const numberColumns = new Set<string>([...features.map(({ name }) => name), 'score']);

export function isNumberColumn(columnId: string): boolean {
  return numberColumns.has(columnId);
}
