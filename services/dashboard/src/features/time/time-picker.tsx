import { lazy } from 'react';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeWindow } from './format-time.ts';
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
