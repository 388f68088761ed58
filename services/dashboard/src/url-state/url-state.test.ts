import { featureNames, sensorIdSchema, sensorSorts, sortColumns } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeRanges } from '../time/time-range.ts';
import { views } from '../views.ts';
import { formatUrlState } from './format-url-state.ts';
import { parseUrlState } from './parse-url-state.ts';
import {
  defaultUrlState,
  type NumberFilterName,
  numberFilterNames,
  type TimeState,
  type UrlState,
} from './url-state.ts';

const earliestMs = Date.UTC(1970, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

const rangeName = fc.constantFrom(...timeRanges.map(({ name }) => name));
const instant = fc.integer({ min: earliestMs, max: latestMs }).map((ms) => new Date(ms).toISOString());
const window = fc
  .record({
    startMs: fc.integer({ min: earliestMs, max: latestMs }),
    lengthMs: fc.integer({ min: 1, max: 1e9 }),
  })
  .map(({ startMs, lengthMs }) => ({
    from: new Date(startMs).toISOString(),
    to: new Date(startMs + lengthMs).toISOString(),
  }));

const time: fc.Arbitrary<TimeState> = fc.oneof(
  rangeName.map((range) => ({ mode: 'live' as const, range })),
  fc.record({ range: rangeName, window }).map(({ range, window: { from, to } }) => {
    return { mode: 'historical' as const, range, from, to };
  }),
  fc
    .record({ range: rangeName, window, pausedAt: instant })
    .map(({ range, window: { from, to }, pausedAt }) => {
      return { mode: 'paused' as const, range, from, to, pausedAt };
    }),
);

const filterValue = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const filters = fc
  .record(
    {
      ...Object.fromEntries(numberFilterNames.map((name) => [name, filterValue])),
      prediction: fc.constantFrom<0 | 1>(0, 1),
    },
    { requiredKeys: [] },
  )
  .map((record): Partial<Record<NumberFilterName, number>> & { prediction?: 0 | 1 } => record);

const sensor = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((text) => sensorIdSchema.safeParse(text).success);

const urlState: fc.Arbitrary<UrlState> = fc.record({
  view: fc.constantFrom(...views),
  time,
  zone: fc.constantFrom('local', 'UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'),
  sensors: fc.uniqueArray(sensor, { maxLength: 20 }),
  sort: fc.constantFrom(...sortColumns),
  order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
  filters,
  scatter: fc.record({ x: fc.constantFrom(...featureNames), y: fc.constantFrom(...featureNames) }),
  sensorList: fc.record({
    search: fc.string({ maxLength: 20, unit: 'grapheme-ascii' }),
    sort: fc.constantFrom(...sensorSorts),
    order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
    sparkline: fc.constantFrom('anomaly_rate' as const, ...featureNames),
  }),
  reading: fc.option(fc.uuid(), { nil: null }),
  model: fc.option(fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' }), { nil: null }),
});

describe('URL state', () => {
  test('survives a round trip through the query string', () => {
    fc.assert(
      fc.property(urlState, (state) => {
        expect(parseUrlState(formatUrlState(state))).toEqual({ state, problems: [] });
      }),
    );
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (queryString) => {
        expect(() => parseUrlState(queryString)).not.toThrow();
      }),
    );
  });

  test('is the default without a query string', () => {
    expect(parseUrlState('')).toEqual({ state: defaultUrlState, problems: [] });
  });

  test('is readable', () => {
    const state: UrlState = {
      ...defaultUrlState,
      time: {
        mode: 'historical',
        range: '15m',
        from: '2026-11-22T10:00:00.000Z',
        to: '2026-11-22T11:00:00.000Z',
      },
      zone: 'Europe/Berlin',
      sensors: ['hall 2', 'attic'],
      filters: { temperature_min: 24.5, prediction: 1 },
    };
    expect(formatUrlState(state)).toBe(
      'mode=historical&range=15m&from=2026-11-22T10:00:00.000Z&to=2026-11-22T11:00:00.000Z' +
        '&zone=Europe/Berlin&sensor=hall+2&sensor=attic&temperature_min=24.5&prediction=1',
    );
  });
});

describe('parseUrlState', () => {
  test('names invalid parameters and falls back to defaults', () => {
    const { state, problems } = parseUrlState(
      '?range=1y&sort=color&temperature_min=warm&scatter_x=size&sensor=&zone=Mars',
    );
    expect(state).toEqual(defaultUrlState);
    expect(problems).toEqual([
      'range=1y',
      'zone=Mars',
      'sensor=',
      'sort=color',
      'temperature_min=warm',
      'scatter_x=size',
    ]);
  });

  test.each(['constructor', 'toString', '__proto__'])('treats %s like any other value', (name) => {
    const names = ['mode', 'range', 'zone', 'sort', 'order', 'prediction', 'view', 'score_min'];
    const lists = ['scatter_x', 'scatter_y', 'sensor_sort', 'sensor_order', 'sparkline', 'reading'];
    const search = new URLSearchParams([...names, ...lists].map((parameter) => [parameter, name]));
    const { state, problems } = parseUrlState(`${search}&${name}=1`);
    expect(state).toEqual(defaultUrlState);
    expect(problems.toSorted()).toEqual(search.toString().split('&').toSorted());
    expect(parseUrlState(`sensor=${name}&model=${name}&sensor_search=${name}`).state).toEqual({
      ...defaultUrlState,
      ...{ sensors: [name], model: name, sensorList: { ...defaultUrlState.sensorList, search: name } },
    });
  });

  test('falls back to live for an invalid fixed range', () => {
    for (const query of [
      'mode=historical',
      'mode=historical&from=2026-11-22T10:00:00Z',
      'mode=paused&from=2026-11-22T11:00:00Z&to=2026-11-22T10:00:00Z',
    ]) {
      const { state, problems } = parseUrlState(query);
      expect(state.time.mode).toBe('live');
      expect(problems.join()).toContain('needs a start before its end');
    }
  });

  test('uses the remembered time zone if the URL has none', () => {
    expect(parseUrlState('', 'UTC').state.zone).toBe('UTC');
    expect(parseUrlState('zone=Asia/Kathmandu', 'UTC').state.zone).toBe('Asia/Kathmandu');
  });

  test('removes duplicate sensors, and limits their number', () => {
    expect(parseUrlState('sensor=b&sensor=a&sensor=b').state.sensors).toEqual(['b', 'a']);
    const many = Array.from({ length: 21 }, (_, index) => `sensor=s${index}`).join('&');
    const { state, problems } = parseUrlState(many);
    expect(state.sensors).toHaveLength(20);
    expect(problems).toEqual(['more than 20 sensors']);
  });

  test('accepts times with an offset', () => {
    const { state } = parseUrlState(
      'mode=historical&from=2026-11-22T10:00:00%2B01:00&to=2026-11-22T10:00:00Z',
    );
    expect(state.time).toMatchObject({ from: '2026-11-22T09:00:00.000Z', to: '2026-11-22T10:00:00.000Z' });
  });

  test('uses the end of the window if the time of the pause is missing', () => {
    const { state } = parseUrlState('mode=paused&from=2026-11-22T09:00:00Z&to=2026-11-22T10:00:00Z');
    expect(state.time).toMatchObject({ mode: 'paused', pausedAt: '2026-11-22T10:00:00.000Z' });
  });
});
