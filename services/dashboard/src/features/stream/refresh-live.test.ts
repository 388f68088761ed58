import type { Alerts, ReadingEvent } from '@sensor-sentinel/contracts';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, test } from 'vitest';
import { alertsIntervalMs } from '../../api/refresh-policy.ts';
import { addEvent, createBatch } from './live-batch.ts';
import { refreshLive, toAlertsKey } from './refresh-live.ts';

const id = (digit: number) => `0197b2a4-0000-7000-8000-00000000000${digit}`;

function toReading(sensor: string, second: number): ReadingEvent {
  return {
    id: id(second),
    type: 'climate',
    sensor_id: sensor,
    timestamp: '2026-11-22T10:00:05.000Z',
    received_at: `2026-11-22T10:00:0${second}.000Z`,
    temperature: 24,
    humidity: 51,
    sound_volume: 60,
    prediction: 0,
    score: 0.1,
    model: 'm',
  };
}

function toBatch(...events: [Parameters<typeof addEvent>[1], unknown][]) {
  const batch = createBatch();
  for (const [name, event] of events) addEvent(batch, name, JSON.stringify(event));
  return batch;
}

function toAlerts(...readings: ReadingEvent[]): Alerts {
  const sensors = readings.map((reading) => ({
    sensor_id: reading.sensor_id,
    state: 'normal' as const,
    since: reading.received_at,
    reading,
    received_at: reading.received_at,
    clock_ahead_ms: null,
  }));
  const counts = { anomaly: 0, normal: sensors.length, silent: 0, unscored: 0 };
  const common = {
    type: 'climate',
    as_of: '2026-11-22T10:00:00.000Z',
    silent_after_ms: 10_000,
    next_cursor: null,
  };
  return { ...common, state: 'normal', counts, sensors };
}

describe('addEvent', () => {
  test('keeps the newest reading of each sensor by arrival time', () => {
    const batch = toBatch(
      ['reading', toReading('a', 2)],
      ['reading', toReading('b', 1)],
      ['reading', toReading('a', 1)],
    );
    expect([...batch.readings.values()].map(({ id }) => id)).toEqual([id(2), id(1)]);
    expect(batch.hasGap).toBe(false);
  });

  test('treats an invalid event and a refetch event as a gap', () => {
    expect(toBatch(['refetch', { reason: 'too_old' }]).hasGap).toBe(true);
    const batch = createBatch();
    addEvent(batch, 'reading', '{"half":');
    expect(batch.hasGap).toBe(true);
  });
});

describe('refreshLive', () => {
  async function refetched(batch: ReturnType<typeof createBatch>, sensors: string[] = [], alertsAgeMs = 0) {
    const nowMs = Date.now();
    const queries = new QueryClient();
    const keys: string[] = [];
    const stops = [
      { key: 'stats', isLive: true },
      { key: 'series', isLive: false },
      { key: 'alerts', isLive: true },
      { key: 'model', isLive: false },
      { key: 'types', isLive: false },
    ].map(({ key, isLive }) =>
      new QueryObserver(queries, {
        queryKey: key === 'alerts' ? toAlertsKey(undefined) : [key],
        queryFn: () => {
          keys.push(key);
          return key === 'alerts' ? toAlerts() : 0;
        },
        meta: { isLive },
        initialData: key === 'alerts' ? toAlerts() : 0,
        initialDataUpdatedAt: nowMs - alertsAgeMs,
        staleTime: Number.POSITIVE_INFINITY,
      }).subscribe(() => {}),
    );
    await refreshLive(queries, batch, { sensors, type: undefined, nowMs });
    for (const stop of stops) stop();
    queries.clear();
    return keys;
  }

  test('refetches live queries and no fixed ones', async () => {
    expect(await refetched(toBatch(['reading', toReading('a', 1)]))).toEqual(['stats']);
    expect(await refetched(toBatch(['refetch', { reason: 'too_slow' }]))).toEqual(['alerts', 'stats']);
  });

  test('refetches alerts when only merged readings kept them fresh for too long', async () => {
    const batch = toBatch(['reading', toReading('a', 1)]);
    expect(await refetched(batch, [], alertsIntervalMs)).toEqual(['alerts', 'stats']);
  });

  test('ignores readings of sensors that are not in view', async () => {
    const batch = toBatch(['reading', toReading('a', 1)]);
    expect(await refetched(batch, ['b'])).toEqual([]);
    expect(await refetched(batch, ['b', 'a'])).toEqual(['stats']);
  });

  test('refetches alerts when a sensor becomes silent', async () => {
    const at = '2026-11-22T10:00:00.000Z';
    const alert = { type: 'climate', sensor_id: 'a', previous: 'normal', at };
    expect(await refetched(toBatch(['alert', { ...alert, state: 'silent' }]))).toEqual(['alerts']);
    expect(await refetched(toBatch(['alert', { ...alert, state: 'anomaly' }]))).toEqual([]);
  });

  test('refetches the model and the types when a model changes', async () => {
    expect(await refetched(toBatch(['model', { type: 'climate', model: 'm' }]))).toEqual(['model', 'types']);
  });

  test('keeps the state from readings when a response was in flight', async () => {
    const queries = new QueryClient();
    const answers = [toAlerts(toReading('a', 1)), toAlerts(toReading('a', 1))];
    let answerLater = () => {};
    const refetch = () =>
      queries.fetchQuery({
        queryKey: toAlertsKey(undefined),
        queryFn: () =>
          new Promise<Alerts | undefined>((resolve) => {
            answerLater = () => resolve(answers.pop());
          }),
      });
    const shownState = () => queries.getQueryData<Alerts>(toAlertsKey(undefined))?.state;
    const first = refetch();
    answerLater();
    await first;
    const second = refetch();
    const batch = toBatch(['reading', { ...toReading('a', 2), prediction: 1 }]);
    const refreshed = refreshLive(queries, batch, { sensors: [], type: undefined, nowMs: Date.now() });
    expect(shownState()).toBe('anomaly');
    answerLater();
    await Promise.all([second, refreshed]);
    await expect.poll(shownState).toBe('anomaly');
    queries.clear();
  });
});
