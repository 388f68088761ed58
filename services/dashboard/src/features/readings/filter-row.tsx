import type { ReactNode } from 'react';
import { SensorSelect } from '../sensors/sensor-select.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { RangeFilter } from './range-filter.tsx';
import styles from './readings-panel.module.css';

/** The filters of the columns that all types have, by column id. */
const commonFilters: readonly [string, ReactNode][] = [
  ['timestamp', <WindowButton key="timestamp" />],
  ['prediction', <PredictionFilter key="prediction" />],
  ['score', <RangeFilter key="score" title="Score" name="score" />],
  ['sensor_id', <SensorSelect key="sensor_id" label="Filter sensor" />],
];

export function FilterRow({ columnIds }: { columnIds: readonly string[] }) {
  const { features } = useSensorType();
  const filters = new Map<string, ReactNode>([
    ...commonFilters,
    ...features.map(
      ({ name, title }) => [name, <RangeFilter key={name} title={title} name={name} />] as const,
    ),
  ]);
  return (
    <tr className={styles.filters}>
      {columnIds.map((columnId) => (
        <td key={columnId}>{filters.get(columnId)}</td>
      ))}
    </tr>
  );
}

function WindowButton() {
  return (
    <button
      type="button"
      className={styles.windowButton}
      title="The table shows the selected time window. Click to change it."
      onClick={() => document.querySelector<HTMLElement>('[data-shortcut="time"]')?.click()}
    >
      Follows the time window
    </button>
  );
}

function PredictionFilter() {
  const { state, push } = useUrlState();

  function choose(value: string) {
    push(({ filters: { prediction: _, ...filters }, ...current }) => ({
      ...current,
      filters: value === '' ? filters : { ...filters, prediction: value === '1' ? 1 : 0 },
    }));
  }

  return (
    <select
      aria-label="Filter prediction"
      value={state.filters.prediction ?? ''}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="">All</option>
      <option value="0">Normal</option>
      <option value="1">Anomaly</option>
    </select>
  );
}
