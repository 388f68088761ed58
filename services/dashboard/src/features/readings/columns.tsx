import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
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
import { formatScore } from '../../ui/format-number.ts';
import { FeedbackCell } from '../feedback/feedback-cell.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import { PredictionLabel } from './prediction-label.tsx';
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

/** The API reserves both names, so no feature has them. */
export const whyColumnId = 'explanation';
const feedbackColumnId = 'label';

const helper = createColumnHelper<typeof readingTableFeatures, StoredReading>();

const whyColumn = helper.display({
  id: whyColumnId,
  header: 'Explanation',
  cell: ({ row }) => <WhyButton reading={row.original} />,
  enableHiding: false,
  enableResizing: false,
  size: 72,
});

const timestampColumn = helper.accessor('timestamp', {
  header: 'Timestamp',
  cell: (cell) => <Timestamp iso={cell.getValue()} />,
  sortDescFirst: true,
  enableHiding: false,
  size: 172,
});

function toFeatureColumn(feature: Feature) {
  return helper.accessor((reading) => featureValueOf(reading, feature.name), {
    id: feature.name,
    header: toTitleWithUnit(feature),
    cell: (cell) => formatValue(cell.getValue(), feature),
    sortDescFirst: true,
    size: 148,
  });
}

const lastColumns = [
  helper.accessor('prediction', {
    header: 'Prediction',
    cell: (cell) => <PredictionLabel prediction={cell.getValue()} />,
    sortDescFirst: true,
    size: 122,
  }),
  helper.accessor('score', {
    header: 'Score',
    cell: (cell) => formatScore(cell.getValue()),
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
    id: feedbackColumnId,
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
];

/** The columns of the readings of a type. */
export function createReadingColumns(features: readonly Feature[]) {
  return helper.columns([whyColumn, timestampColumn, ...features.map(toFeatureColumn), ...lastColumns]);
}

export const minColumnWidth = 64;
export const maxColumnWidth = 480;

const textColumns: ReadonlySet<string> = new Set([
  ...[whyColumnId, 'timestamp', 'prediction', 'sensor_id', feedbackColumnId, 'model'],
]);

export function isNumberColumn(columnId: string): boolean {
  return !textColumns.has(columnId);
}
