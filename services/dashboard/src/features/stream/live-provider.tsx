import { focusManager, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useUrlState } from '../url-state/url-state-context.ts';
import { createLiveUpdates } from './live-updates.ts';
import { isShared, openStream } from './open-stream.ts';

/** How often is checked whether something is to be asked. */
const tickMs = 500;

interface StreamState {
  /** `down`: the connection is being retried. `off`: the window is hidden, and has no share in a connection. */
  status: 'off' | 'connecting' | 'open' | 'down';
  /** When the status last changed, by the clock of the browser. */
  since: number;
}

const off: StreamState = { status: 'off', since: 0 };
const LiveContext = createContext<StreamState>(off);

/** Follows the event stream of the shown type in every time mode, and keeps live queries up to date. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { type } = useUrlState().state;
  const [stream, setStream] = useState(off);
  const isVisible = useSyncExternalStore(focusManager.subscribe, () => focusManager.isFocused());
  const isWanted = isVisible || isShared();

  useEffect(() => {
    if (!isWanted) return;
    const updates = createLiveUpdates(queries, Date.now);
    const become = (status: StreamState['status']) =>
      setStream((before) => (before.status === status ? before : { status, since: Date.now() }));
    become('connecting');
    const tick = () => updates.tick({ nowMs: Date.now(), isVisible: focusManager.isFocused() });
    const close = openStream(type, (message) => {
      if (message.name === 'open' || message.name === 'down') become(message.name);
      updates.receive(message);
      // The API sends at most four batches a second. In the background, the timer is soon enough for readings.
      if (focusManager.isFocused() || message.name === 'incidents') tick();
    });
    const timer = setInterval(tick, tickMs);
    const unsubscribe = focusManager.subscribe(tick);
    return () => {
      unsubscribe();
      clearInterval(timer);
      close();
      updates.stop();
      setStream(off);
    };
  }, [isWanted, queries, type]);

  return <LiveContext value={stream}>{children}</LiveContext>;
}

export function useLiveStream(): StreamState {
  return useContext(LiveContext);
}
