import { useApi } from '../../api/api-context.ts';
import { Icon } from '../../ui/icon.tsx';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { goHistorical, goLive, pause, toShownWindow } from '../url-state/time-transitions.ts';
import type { Mode, TimeState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const options = [
  {
    value: 'live',
    title: (
      <>
        <Icon name="play" size={14} /> Live
      </>
    ),
  },
  {
    value: 'paused',
    title: (
      <>
        <Icon name="pause" size={14} /> Paused
      </>
    ),
  },
  {
    value: 'historical',
    title: (
      <>
        <Icon name="history" size={14} /> History
      </>
    ),
  },
] as const;

export function ModeSwitch() {
  const { state, push } = useUrlState();
  const api = useApi();

  function toTime(mode: Mode, time: TimeState): TimeState {
    if (mode === 'live') return goLive(time);
    if (mode === 'paused') return pause(time, api.now());
    return goHistorical(time, toShownWindow(time, api.now()));
  }

  return (
    <SegmentedControl
      label="Mode"
      options={options}
      value={state.time.mode}
      onChange={(mode) => push((current) => ({ ...current, time: toTime(mode, current.time) }))}
    />
  );
}
