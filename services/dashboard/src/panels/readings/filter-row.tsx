import { features } from '@sensor-sentinel/contracts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { startFieldId } from '../header/range-form.tsx';
import { SensorSelect } from '../header/sensor-select.tsx';
import { RangeFilter } from './range-filter.tsx';
import styles from './readings-panel.module.css';

/** In the order of the columns. */
export function FilterRow() {
  return (
    <tr className={styles.filters}>
      <td />
      <td>
        <button
          type="button"
          className={styles.windowButton}
          title="The table follows the time window; change it above"
          onClick={() => document.getElementById(startFieldId)?.focus()}
        >
          Follows the time window
        </button>
      </td>
      {features.map(({ name, title }) => (
        <td key={name}>
          <RangeFilter title={title} minName={`${name}_min`} maxName={`${name}_max`} />
        </td>
      ))}
      <td>
        <PredictionFilter />
      </td>
      <td>
        <RangeFilter title="Score" minName="score_min" maxName="score_max" />
      </td>
      <td>
        <SensorSelect label="Filter sensor" isLabelHidden />
      </td>
      <td data-column="model" />
    </tr>
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
