import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useUrlState } from '../url-state/url-state-context.ts';
import { createLiveUpdates } from './live-updates.ts';
import { isShared, openStream } from './open-stream.ts';

/** How often is checked whether something is to be asked. */
const tickMs = 500;

export interface StreamState {
  /** `down`: the connection is being retried. `off`: a past window is shown. */
  status: 'off' | 'connecting' | 'open' | 'down';
  /** When the status last changed, by the clock of the browser. */
  since: number;
}

const off: StreamState = { status: 'off', since: 0 };
const LiveContext = createContext<StreamState>(off);

/** Follows the event stream of the shown type, and keeps live queries up to date. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { time, type } = useUrlState().state;
  const [stream, setStream] = useState(off);
  const isVisible = useVisible();
  const isWanted = time.mode !== 'historical' && (isVisible || isShared());

  useEffect(() => {
    if (!isWanted) return;
    const updates = createLiveUpdates(queries, Date.now);
    const become = (status: StreamState['status']) =>
      setStream((before) => (before.status === status ? before : { status, since: Date.now() }));
    become('connecting');
    const tick = () => updates.tick({ nowMs: Date.now(), isVisible: !document.hidden });
    const close = openStream(type, (message) => {
      if (message.name === 'open' || message.name === 'down') become(message.name);
      updates.receive(message);
      // The API sends at most four batches a second. In the background, the timer is soon enough.
      if (!document.hidden) tick();
    });
    const timer = setInterval(tick, tickMs);
    document.addEventListener('visibilitychange', tick);
    return () => {
      document.removeEventListener('visibilitychange', tick);
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

function useVisible(): boolean {
  const [isVisible, setIsVisible] = useState(!document.hidden);
  useEffect(() => {
    const note = () => setIsVisible(!document.hidden);
    document.addEventListener('visibilitychange', note);
    return () => document.removeEventListener('visibilitychange', note);
  }, []);
  return isVisible;
}
