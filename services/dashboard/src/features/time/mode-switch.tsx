import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { goHistorical, goLive, pause, toShownWindow } from '../url-state/time-transitions.ts';
import type { Mode, TimeState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './time.module.css';

const options = [
  { mode: 'live', title: 'Live', icon: 'play' },
  { mode: 'paused', title: 'Paused', icon: 'pause' },
  { mode: 'historical', title: 'History', icon: 'history' },
] as const;

/** Radio buttons that look like one switch. */
export function ModeSwitch() {
  const { state, push } = useUrlState();
  const api = useApi();

  function toTime(mode: Mode, time: TimeState): TimeState {
    if (mode === 'live') return goLive(time);
    if (mode === 'paused') return pause(time, api.now());
    return goHistorical(time, toShownWindow(time, api.now()));
  }

  return (
    <div role="radiogroup" aria-label="Mode" className={styles.modes}>
      {options.map(({ mode, title, icon }) => (
        <label key={mode}>
          <input
            type="radio"
            name="mode"
            checked={mode === state.time.mode}
            onChange={() => push((current) => ({ ...current, time: toTime(mode, current.time) }))}
          />
          <span>
            <Icon name={icon} size={14} /> {title}
          </span>
        </label>
      ))}
    </div>
  );
}
