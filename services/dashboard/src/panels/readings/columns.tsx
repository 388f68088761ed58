import { features, type StoredReading } from '@sensor-sentinel/contracts';
import {
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  type Header,
  type ReactTable,
  type Row,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import { PredictionLabel } from '../../components/prediction-label.tsx';
import { Timestamp } from '../../components/timestamp.tsx';
import { formatDecimal } from '../../format/format-number.ts';
import { FeedbackCell } from './feedback-cell.tsx';
import styles from './readings-panel.module.css';
import { WhyButton } from './why-button.tsx';

export const readingTableFeatures = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
});

export type ReadingTable = ReactTable<typeof readingTableFeatures, StoredReading>;
export type ReadingRow = Row<typeof readingTableFeatures, StoredReading>;
export type ReadingHeader = Header<typeof readingTableFeatures, StoredReading>;

const helper = createColumnHelper<typeof readingTableFeatures, StoredReading>();

const featureColumns = features.map(({ name, title, unit }) =>
  helper.accessor(name, {
    header: `${title} (${unit})`,
    cell: (cell) => formatDecimal(cell.getValue()),
    sortDescFirst: true,
    size: 148,
  }),
);

export const readingColumns = helper.columns([
  helper.display({
    id: 'why',
    header: 'Explanation',
    cell: ({ row }) => <WhyButton reading={row.original} />,
    enableHiding: false,
    enableResizing: false,
    size: 72,
  }),
  helper.accessor('timestamp', {
    header: 'Timestamp',
    cell: (cell) => <Timestamp iso={cell.getValue()} />,
    sortDescFirst: true,
    enableHiding: false,
    size: 172,
  }),
  ...featureColumns,
  helper.accessor('prediction', {
    header: 'Prediction',
    cell: (cell) => <PredictionLabel prediction={cell.getValue()} />,
    sortDescFirst: true,
    size: 122,
  }),
  helper.accessor('score', {
    header: 'Score',
    cell: (cell) => formatDecimal(cell.getValue(), 3),
    sortDescFirst: true,
    size: 148,
  }),
  helper.accessor('sensor_id', {
    header: 'Sensor',
    cell: (cell) => cell.getValue(),
    enableSorting: false,
    size: 150,
  }),
  helper.display({
    id: 'feedback',
    header: 'Feedback',
    cell: ({ row }) => <FeedbackCell id={row.id} prediction={row.original.prediction} />,
    size: 160,
  }),
  helper.accessor('model', {
    header: 'Model',
    cell: (cell) => <span className={styles.model}>{cell.getValue()}</span>,
    enableSorting: false,
    size: 230,
  }),
]);

export const minColumnWidth = 64;
export const maxColumnWidth = 480;

const numberColumns = new Set<string>([...features.map(({ name }) => name), 'score']);

export function isNumberColumn(columnId: string): boolean {
  return numberColumns.has(columnId);
}
