import {
  type AlertEvent,
  alertEventSchema,
  type ReadingEvent,
  readingsEventSchema,
} from '@sensor-sentinel/contracts';
import type { Query, QueryClient } from '@tanstack/react-query';
import { type LiveEvents, refreshIntervalMs } from '../../api/refresh-policy.ts';
import type { StreamMessage } from './follow-stream.ts';

/** Events are kept this long for the answers of requests that were sent before; no request takes longer. */
const keptMs = 15_000;
/** At most this many are kept. More arrive only at rates at which nobody can follow single readings. */
const maxKept = 2000;
/** Refetched only when the model has changed. */
const modelRoutes = new Set<unknown>(['types', 'model', 'models']);

/** Asked again at once when incidents have changed. */
const incidentRoutes = new Set<unknown>(['alerts', 'incidents']);
/** Asked again then, too, but not at once: its answer is large. */
const isFleet = ({ queryKey: [route] }: Query) => route === 'fleet';

interface TickOptions {
  nowMs: number;
  /** A window in the background requests only what is marked `inBackground`. */
  isVisible: boolean;
}

/**
 * Keeps the live queries up to date: adds the events of the stream to the answers that can take them, and asks the others again,
 * at most every `refreshIntervalMs`. `tick` does both.
 */
export function createLiveUpdates(queries: QueryClient, now: () => number) {
  const adder = createAdder(queries, now);
  let fresh: { readings: ReadingEvent[]; alerts: AlertEvent[] } = { readings: [], alerts: [] };
  let isOpen = false;
  let hasNews = false;
  let hasGap = false;
  let hasIncidents = false;
  let hasNewFleet = false;
  let askedAt = Number.NEGATIVE_INFINITY;

  function ask(nowMs: number): void {
    askedAt = nowMs;
    const isDue = ({ queryHash, meta, state }: Query) =>
      hasGap || adder.outdated.has(queryHash) || nowMs - state.dataUpdatedAt >= toEveryMs(meta, isOpen);
    const predicate = (query: Query) => isLive(query) && (isDue(query) || (hasNewFleet && isFleet(query)));
    // A request in flight is not repeated, however slow it is.
    void queries.refetchQueries({ type: 'active', predicate }, { cancelRefetch: false });
    [hasNews, hasGap, hasNewFleet] = [false, false, false];
  }

  /** A request in flight may be older than the change, so it is awaited, and followed by another one. */
  function askIncidents(isVisible: boolean): void {
    const predicate = (query: Query) =>
      isLive(query) &&
      incidentRoutes.has(query.queryKey[0]) &&
      (isVisible || query.meta?.inBackground === true);
    if (queries.isFetching({ type: 'active', predicate }) > 0) return;
    void queries.refetchQueries({ type: 'active', predicate });
    hasIncidents = false;
    // The queries that a hidden window does not need are refreshed once it is visible again.
    hasNews ||= !isVisible;
  }

  function addReceived({ name, data }: StreamMessage): void {
    if (name === 'readings') fresh.readings.push(...readingsEventSchema.parse(JSON.parse(data)));
    else if (name === 'alert') fresh.alerts.push(alertEventSchema.parse(JSON.parse(data)));
    else if (name === 'model')
      void queries.invalidateQueries({ predicate: ({ queryKey: [route] }) => modelRoutes.has(route) });
    else if (name === 'incidents') [hasIncidents, hasNewFleet] = [true, true];
    else hasGap ||= name !== 'down';
    if (name === 'open' || name === 'down') isOpen = name === 'open';
    hasNews ||= name !== 'model' && name !== 'incidents' && name !== 'down';
  }

  return {
    receive(message: StreamMessage): void {
      try {
        addReceived(message);
      } catch {
        // An event that this page does not understand is as good as lost.
        [hasNews, hasGap] = [true, true];
      }
    },
    tick({ nowMs, isVisible }: TickOptions): void {
      const events = fresh;
      fresh = { readings: [], alerts: [] };
      if (events.readings.length + events.alerts.length > 0) adder.add(events, nowMs);
      if (hasIncidents) askIncidents(isVisible);
      const isWanted = hasNews || hasNewFleet || adder.outdated.size > 0 || !isOpen;
      if (isVisible && isWanted && nowMs - askedAt >= refreshIntervalMs) ask(nowMs);
    },
    stop: adder.stop,
  };
}

const isLive = ({ meta }: Query) => meta?.isLive === true;

/** Adds events to the answers of live queries. */
function createAdder(queries: QueryClient, now: () => number) {
  /** The live queries that cannot take some event, and must be asked again whatever their interval. */
  const outdated = new Set<string>();
  const startedAt = new Map<string, number>();
  let kept: (LiveEvents & { atMs: number })[] = [];

  function addTo(query: Query, events: LiveEvents): void {
    const { data, dataUpdatedAt, status } = query.state;
    if (query.meta?.apply === undefined || data === undefined || status !== 'success') return;
    const next = query.meta.apply(data, events);
    if (next === null) outdated.add(query.queryHash);
    // Keeps the age of the answer.
    else if (next !== data) queries.setQueryData(query.queryKey, next, { updatedAt: dataUpdatedAt });
  }

  /** An answer may lack what arrived after its request was sent. */
  const stop = queries.getQueryCache().subscribe((event) => {
    const { query } = event;
    if (query.meta?.apply === undefined) return;
    if (event.type === 'removed') outdated.delete(query.queryHash);
    if (event.type !== 'updated') return;
    const { action } = event;
    if (action.type === 'fetch') startedAt.set(query.queryHash, now());
    if (action.type !== 'success' || action.manual === true) return;
    outdated.delete(query.queryHash);
    const sinceMs = startedAt.get(query.queryHash) ?? now();
    startedAt.delete(query.queryHash);
    const later = kept.filter(({ atMs }) => atMs >= sinceMs);
    if (later.length > 0) addTo(query, join(later));
  });

  return {
    outdated,
    stop,
    add(events: LiveEvents, nowMs: number): void {
      kept = [...kept.filter(({ atMs }) => nowMs - atMs < keptMs), { ...events, atMs: nowMs }];
      while (join(kept).readings.length > maxKept) kept.shift();
      for (const query of queries.getQueryCache().findAll({ type: 'active', predicate: isLive }))
        addTo(query, events);
    },
  };
}

function toEveryMs(meta: Query['meta'], isOpen: boolean): number {
  // An answer that takes events, or waits for them, is up to date only while there is a stream.
  if (!isOpen && (meta?.apply !== undefined || meta?.isAnnounced === true)) return 0;
  return meta?.everyMs ?? 0;
}

function join(events: readonly LiveEvents[]): LiveEvents {
  return {
    readings: events.flatMap(({ readings }) => readings),
    alerts: events.flatMap(({ alerts }) => alerts),
  };
}
