import { featureValueOf } from '@sensor-sentinel/contracts';
import { formatWithUnit } from '../types/format-feature.ts';
import { useSensorType } from '../url-state/url-state-context.ts';
import type { ReadingTable } from './columns.tsx';
import { ColumnFilter } from './filters.tsx';
import { PredictionLabel } from './prediction-label.tsx';
import styles from './reading-cards.module.css';
import { OpenButton, ReadingTime, RowFeedback } from './row-parts.tsx';
import type { ShownRows } from './use-rows.ts';

export const cardHeight = 63;

/** With more values than this, a card shows the names of the features too. */
const mostUnnamedValues = 3;

interface ReadingCardsProps {
  table: ReadingTable;
  shown: ShownRows;
  /** The number of readings, loaded or not; -1 if unknown. */
  total: number;
}

/** Readings as cards of two lines, for narrow windows: state, sensor and time; then the values of the chosen features. */
export function ReadingCards({ table, shown: { rows, virtualizer, rowsProps }, total }: ReadingCardsProps) {
  const isShown = (name: string) => table.getColumn(name)?.getIsVisible() === true;
  const features = useSensorType().features.filter(({ name }) => isShown(name));
  const isNamed = features.length > mostUnnamedValues;
  const items = virtualizer.getVirtualItems();
  return (
    <ul
      className={styles.cards}
      aria-label="Readings"
      style={{ paddingBottom: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) }}
      {...rowsProps}
    >
      {items.map((item, position) => {
        const reading = rows[item.index]?.original;
        if (reading === undefined) return null;
        return (
          <li
            key={reading.id}
            ref={virtualizer.measureElement}
            data-index={item.index}
            data-row={reading.id}
            data-anomaly={reading.prediction === 1 || undefined}
            aria-setsize={total}
            aria-posinset={item.index + 1}
            style={{ marginTop: item.start - (items[position - 1]?.end ?? 0) }}
          >
            <OpenButton reading={reading} className={styles.open}>
              <span className={styles.line}>
                <PredictionLabel prediction={reading.prediction} />{' '}
                <bdi className={styles.sensor}>{reading.sensor_id}</bdi>{' '}
                <ReadingTime iso={reading.timestamp} isShort />
              </span>{' '}
              <span className={styles.values} data-named={isNamed || undefined}>
                {features.map((feature) => (
                  <span key={feature.name}>
                    <span className={isNamed ? styles.name : 'visually-hidden'}>{feature.title} </span>
                    {formatWithUnit(featureValueOf(reading, feature.name), feature)}{' '}
                  </span>
                ))}
              </span>
            </OpenButton>
            <span className={styles.feedback}>
              <RowFeedback reading={reading} isCompact />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What the header of the table offers in a wider window. */
export function CardTools({ table }: { table: ReadingTable }) {
  const [sorting] = table.state.sorting;
  return (
    <details className={styles.tools}>
      <summary>Sort and filter</summary>
      <div className={styles.fields}>
        <label>
          Sort by
          <select
            value={sorting?.id}
            onChange={({ target }) => table.setSorting([{ id: target.value, desc: true }])}
          >
            {table
              .getAllLeafColumns()
              .filter((column) => column.getCanSort())
              .map(({ id, columnDef }) => (
                <option key={id} value={id}>
                  {String(columnDef.header)}
                </option>
              ))}
          </select>
        </label>
        <label>
          Order
          <select
            value={sorting?.desc === false ? 'asc' : 'desc'}
            onChange={({ target }) =>
              sorting && table.setSorting([{ id: sorting.id, desc: target.value === 'desc' }])
            }
          >
            <option value="desc">Descending</option>
            <option value="asc">Ascending</option>
          </select>
        </label>
        {table
          .getVisibleLeafColumns()
          .filter(({ id, columnDef }) => id === 'prediction' || columnDef.meta?.rangeTitle !== undefined)
          .map((column) => (
            <div key={column.id}>
              {String(column.columnDef.header)}
              <ColumnFilter column={column} />
            </div>
          ))}
      </div>
    </details>
  );
}
