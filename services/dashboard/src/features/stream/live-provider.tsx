import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react';
import { createPacer } from '../readings/create-pacer.ts';
import { useVisible } from '../sensors/use-visible.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { addEvent, createBatch } from './live-batch.ts';
import { browserClock } from './live-clock.ts';
import { followStream, type StreamSource, type StreamState } from './live-stream.ts';
import { refreshLive } from './refresh-live.ts';

/** Short enough to show a reading within a second of its commit. */
const refreshEveryMs = 500;
const settleMs = 40;
/** A tab that has been hidden for longer closes its stream. */
const longestHiddenMs = 60_000;

const off: StreamState = { status: 'off', since: 0 };
const LiveContext = createContext<StreamState>(off);

interface LiveProviderProps {
  /** Opens the stream of a sensor type; undefined: of the default type. */
  open: (type: string | undefined) => StreamSource;
  children: ReactNode;
}

/** Opens one event stream for the page and refetches live queries when new data arrives. */
export function LiveProvider({ open, children }: LiveProviderProps) {
  const queries = useQueryClient();
  const { sensors, time, type } = useUrlState().state;
  const [stream, setStream] = useState(off);
  const isVisible = useVisible(longestHiddenMs);
  const isWanted = time.mode !== 'historical' && isVisible;
  const refresh = useEffectEvent((batch: ReturnType<typeof createBatch>) =>
    refreshLive(queries, batch, { sensors, type, nowMs: Date.now() }),
  );

  useEffect(() => {
    if (!isWanted) return;
    let batch = createBatch();
    const pacer = createPacer({
      clock: browserClock,
      intervalMs: refreshEveryMs,
      settleMs,
      run: async () => {
        if (document.hidden) return;
        const ready = batch;
        batch = createBatch();
        await refresh(ready);
      },
    });
    const stop = followStream({
      open: () => open(type),
      clock: browserClock,
      onState: setStream,
      onEvent: (name, text) => {
        addEvent(batch, name, text);
        pacer.request();
      },
      onReturn: (isGap) => {
        batch.needsAlerts = true;
        batch.hasGap ||= isGap;
        pacer.request();
      },
    });
    document.addEventListener('visibilitychange', pacer.request);
    return () => {
      document.removeEventListener('visibilitychange', pacer.request);
      stop();
      pacer.stop();
    };
  }, [isWanted, open, type]);

  return <LiveContext value={stream}>{children}</LiveContext>;
}

export function useLiveStream(): StreamState {
  return useContext(LiveContext);
}
