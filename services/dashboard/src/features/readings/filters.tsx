import { useEffect, useEffectEvent, useId, useState } from 'react';
import { SensorSelect } from '../sensors/sensor-select.tsx';
import type { UrlState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import type { ReadingColumn } from './columns.tsx';
import styles from './filters.module.css';
import { parseRange, type RangeText } from './range-bounds.ts';

const typingPauseMs = 400;

/** The filter of a column, if it has one. The time window filters the times. */
export function ColumnFilter({ column }: { column: ReadingColumn }) {
  if (column.id === 'prediction') return <PredictionFilter />;
  if (column.id === 'sensor_id') return <SensorSelect label="Filter sensor" />;
  const title = column.columnDef.meta?.rangeTitle;
  return title === undefined ? null : <RangeFilter title={title} name={column.id} />;
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

interface RangeFilterProps {
  title: string;
  /** A feature, or `score`. */
  name: string;
}

/** Two fields for a range. What is typed stays until the field loses the focus, and is applied once it is valid. */
function RangeFilter({ title, name }: RangeFilterProps) {
  const { state, replace } = useUrlState();
  const [draft, setDraft] = useState<RangeText | null>(null);
  const id = useId();
  const names = { min: `${name}_min`, max: `${name}_max` };
  const { bounds } = state.filters;
  const text = draft ?? { min: String(bounds[names.min] ?? ''), max: String(bounds[names.max] ?? '') };
  const { min, max, fault } = parseRange(text);

  function apply() {
    if (fault === null) replace((current) => withBounds(current, { [names.min]: min, [names.max]: max }));
  }

  const applyDraft = useEffectEvent(apply);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => applyDraft(), typingPauseMs);
    return () => clearTimeout(timer);
  }, [draft]);

  function leave() {
    if (draft === null || fault !== null) return;
    apply();
    setDraft(null);
  }

  return (
    <div className={styles.range}>
      {(['min', 'max'] as const).map((side) => (
        <input
          key={side}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder={side}
          aria-label={`${title} ${side === 'min' ? 'minimum' : 'maximum'}`}
          aria-invalid={fault?.side === side}
          aria-describedby={fault?.side === side ? id : undefined}
          value={text[side]}
          onChange={({ target }) => setDraft({ ...text, [side]: target.value })}
          onBlur={leave}
        />
      ))}
      {fault !== null && (
        <p id={id} className={styles.fault}>
          {fault.text}. Filter not applied.
        </p>
      )}
    </div>
  );
}

function withBounds(state: UrlState, changed: Readonly<Record<string, number | undefined>>): UrlState {
  const bounds = Object.entries({ ...state.filters.bounds, ...changed }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...state, filters: { ...state.filters, bounds: Object.fromEntries(bounds) } };
}
