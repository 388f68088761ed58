import { lazy } from 'react';
import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { goHistorical, goLive, pause, toShownWindow } from '../url-state/time-transitions.ts';
import type { TimeState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeWindow } from './format-time.ts';
import styles from './time.module.css';
import { timeRanges } from './time-window.ts';

const TimePanel = lazy(async () => ({ default: (await import('./time-panel.tsx')).TimePanel }));

/** Selects the time window. */
export function TimePicker() {
  const { state, zone } = useUrlState();
  const { time } = state;
  const text =
    time.mode === 'live'
      ? `Last ${timeRanges.find(({ name }) => name === time.range)?.title}`
      : describeWindow(time, zone);
  return (
    <PopoverButton label="Time window" text={text} shortcut="time">
      {(close) => <TimePanel onClose={close} />}
    </PopoverButton>
  );
}

const modes = [
  { mode: 'live', title: 'Live', icon: 'play' },
  { mode: 'paused', title: 'Paused', icon: 'pause' },
  { mode: 'historical', title: 'History', icon: 'history' },
] as const;

/** Radio buttons that look like one switch. */
export function ModeSwitch() {
  const { state, push } = useUrlState();
  const api = useApi();
  return (
    <div role="radiogroup" aria-label="Live, paused or history" className={styles.modes}>
      {modes.map(({ mode, title, icon }) => (
        <label key={mode}>
          <input
            type="radio"
            name="mode"
            checked={mode === state.time.mode}
            onChange={() => push((current) => ({ ...current, time: toMode(current.time, mode, api.now()) }))}
          />
          <span>
            <Icon name={icon} size={14} /> {title}
          </span>
        </label>
      ))}
    </div>
  );
}

function toMode(time: TimeState, mode: TimeState['mode'], nowMs: number): TimeState {
  if (mode === 'live') return goLive(time);
  if (mode === 'paused') return pause(time, nowMs);
  return goHistorical(time, toShownWindow(time, nowMs));
}
