import styles from '../../app/header/header.module.css';
import { goLive } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { timeRanges } from './time-range.ts';

/** Buttons rather than radio buttons, because clicking the selected range returns to live mode. */
export function RangePresets() {
  const { state, push } = useUrlState();
  const { mode, range } = state.time;
  return (
    <fieldset aria-label="Time range" className={styles.presets}>
      {timeRanges.map(({ name, title }) => (
        <button
          key={name}
          type="button"
          aria-pressed={mode === 'live' && range === name}
          onClick={() => push((current) => ({ ...current, time: goLive(current.time, name) }))}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}
