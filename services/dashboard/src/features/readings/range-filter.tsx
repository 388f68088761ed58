import { useEffect, useId, useRef, useState } from 'react';
import type { UrlState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { hasErrors, parseRangeFilter, type RangeText } from './parse-range-filter.ts';
import styles from './readings-panel.module.css';

interface RangeFilterProps {
  title: string;
  /** A feature, or `score`. */
  name: string;
}

const typingPauseMs = 400;

function toText(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function withBounds(state: UrlState, changed: Readonly<Record<string, number | undefined>>): UrlState {
  const bounds = Object.entries({ ...state.filters.bounds, ...changed }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...state, filters: { ...state.filters, bounds: Object.fromEntries(bounds) } };
}

/** Two text fields for a range. Keeps the typed text until the field loses focus; applies it once it is valid. */
export function RangeFilter({ title, name }: RangeFilterProps) {
  const { state, replace } = useUrlState();
  const [draft, setDraft] = useState<RangeText | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  useEffect(() => () => clearTimeout(timer.current), []);

  const [minName, maxName] = [`${name}_min`, `${name}_max`];
  const { bounds } = state.filters;
  const text = draft ?? { min: toText(bounds[minName]), max: toText(bounds[maxName]) };
  const { errors } = parseRangeFilter(text);
  const error = errors.min ?? errors.max;

  function send(typed: RangeText): boolean {
    clearTimeout(timer.current);
    const result = parseRangeFilter(typed);
    if (hasErrors(result)) return false;
    replace((current) => withBounds(current, { [minName]: result.min, [maxName]: result.max }));
    return true;
  }

  function change(part: Partial<RangeText>) {
    const typed = { ...text, ...part };
    setDraft(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(typed), typingPauseMs);
  }

  function leave() {
    if (draft !== null && send(draft)) setDraft(null);
  }

  return (
    <div className={styles.rangeFilter}>
      {(['min', 'max'] as const).map((side) => (
        <input
          key={side}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder={side}
          aria-label={`${title} ${side === 'min' ? 'minimum' : 'maximum'}`}
          aria-invalid={errors[side] !== undefined}
          aria-describedby={errors[side] === undefined ? undefined : id}
          value={text[side]}
          onChange={({ target }) => change({ [side]: target.value })}
          onBlur={leave}
        />
      ))}
      {error !== undefined && (
        <p id={id} className={styles.filterError}>
          {error}
        </p>
      )}
    </div>
  );
}
