import { useRef } from 'react';
import { useApi } from '../../api/api-context.ts';
import type { TimeWindow } from '../time/time-window.ts';
import { goLive, pause, toShownWindow, zoom } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toResetWindow } from './reset-window.ts';

export type ChooseWindow = (window: TimeWindow, nowMs: number) => TimeWindow;

/** Changes the time window from the charts. */
export interface Look {
  to: (choose: ChooseWindow) => void;
  reset: () => void;
  /** Pauses live mode. */
  hold: () => void;
  /** Resumes live mode if `hold` paused it. */
  release: () => void;
}

export function useLook(): Look {
  const { push } = useUrlState();
  const api = useApi();
  const origin = useRef<TimeWindow | null>(null);
  const heldAt = useRef<string | null>(null);

  function to(choose: ChooseWindow) {
    const nowMs = api.now();
    push((state) => {
      const shown = toShownWindow(state.time, nowMs);
      const isWithin =
        origin.current !== null && origin.current.from <= shown.from && shown.to <= origin.current.to;
      if (state.time.mode === 'historical' && !isWithin) origin.current = shown;
      return { ...state, time: zoom(state.time, choose(shown, nowMs), nowMs) };
    });
  }

  function reset() {
    const nowMs = api.now();
    push((state) => {
      const window = toResetWindow(state.time, { origin: origin.current, nowMs });
      return window === null ? state : { ...state, time: zoom(state.time, window, nowMs) };
    });
  }

  function hold() {
    const nowMs = api.now();
    push((state) => {
      if (state.time.mode !== 'live') return state;
      const time = pause(state.time, nowMs);
      heldAt.current = time.mode === 'paused' ? time.pausedAt : null;
      return { ...state, time };
    });
  }

  function release() {
    push(({ time, ...state }) => {
      const isHeld = time.mode === 'paused' && time.pausedAt === heldAt.current;
      return { ...state, time: isHeld ? goLive(time) : time };
    });
  }

  return { to, reset, hold, release };
}
