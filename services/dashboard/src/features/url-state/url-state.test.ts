import {
  anomalyRate,
  climateType,
  incidentSorts,
  incidentStateSchema,
  sensorIdSchema,
  sensorSorts,
  type TypeAnswer,
  toSortColumns,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeRanges } from '../time/time-window.ts';
import { formatUrlState, parseUrlState } from './query-string.ts';
import {
  defaultUrlState,
  type TimeState,
  toBoundNames,
  type UrlState,
  views,
  withType,
} from './url-state.ts';

const climate: TypeAnswer = { ...climateType, is_default: true, model: 'm' };
const pump: TypeAnswer = {
  name: 'pump',
  features: ['rpm', 'oil [bar]'].map((name) => {
    return { name, title: name, unit: '', min: null, max: null, decimals: null };
  }),
  is_default: false,
  model: null,
};
const types = [climate, pump];

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
function filtersOf(type: TypeAnswer): fc.Arbitrary<UrlState['filters']> {
  const bounds = fc.dictionary(fc.constantFrom(...toBoundNames(type)), filterValue, {
    noNullPrototype: true,
  });
  const prediction = fc.constantFrom<0 | 1>(0, 1);
  return fc.record({ prediction, bounds }, { requiredKeys: ['bounds'] });
}

const sensor = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((text) => sensorIdSchema.safeParse(text).success);

function urlStateOf(type: TypeAnswer): fc.Arbitrary<UrlState> {
  const feature = fc.constantFrom(...type.features.map(({ name }) => name));
  return fc.record({
    view: fc.constantFrom(...views),
    time,
    zone: fc.constantFrom('local', 'UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'),
    type: fc.constant(type.is_default ? undefined : type.name),
    sensors: fc.uniqueArray(sensor, { maxLength: 20 }),
    sort: fc.constantFrom(...toSortColumns(type)),
    order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
    filters: filtersOf(type),
    scatter: fc.record({ x: fc.option(feature), y: fc.option(feature) }),
    features: fc.uniqueArray(feature),
    sensorList: fc.record({
      search: fc.string({ maxLength: 20, unit: 'grapheme-ascii' }),
      sort: fc.constantFrom(...sensorSorts),
      order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
      sparkline: fc.oneof(fc.constant(anomalyRate), feature),
    }),
    incidentList: fc.record({
      sort: fc.constantFrom(...incidentSorts),
      order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
      state: fc.option(fc.constantFrom(...incidentStateSchema.options)),
      rule: fc.option(fc.constantFrom('Anomalies', 'Too warm')),
      hasShort: fc.boolean(),
    }),
    reading: fc.option(fc.uuid(), { nil: null }),
    incident: fc.option(fc.uuid(), { nil: null }),
    rule: fc.option(fc.constantFrom('Anomalies', 'Too warm'), { nil: null }),
    newRule: fc.boolean(),
    model: fc.option(fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' }), { nil: null }),
  });
}

describe('URL state', () => {
  test('survives a round trip through the query string', () => {
    fc.assert(
      fc.property(fc.oneof(...types.map(urlStateOf)), (state) => {
        expect(parseUrlState(formatUrlState(state), { types })).toEqual({ state, problems: [] });
        // Also before the types are loaded.
        expect(parseUrlState(formatUrlState(state))).toEqual({ state, problems: [] });
      }),
    );
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (queryString) => {
        expect(() => parseUrlState(queryString, { types })).not.toThrow();
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
      type: 'pump',
      filters: { bounds: { 'oil [bar]_min': 24.5 }, prediction: 1 },
    };
    expect(formatUrlState(state)).toBe(
      'mode=historical&range=15m&from=2026-11-22T10:00:00.000Z&to=2026-11-22T11:00:00.000Z' +
        '&zone=Europe/Berlin&type=pump&sensor=hall+2&sensor=attic&oil+%5Bbar%5D_min=24.5&prediction=1',
    );
  });
});

describe('parseUrlState', () => {
  test('names invalid parameters and falls back to defaults', () => {
    const { state, problems } = parseUrlState(
      '?range=1y&sort=color&temperature_min=warm&scatter_x=size&sensor=&zone=Mars',
      { types },
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
    const lists = [
      'scatter_x',
      'scatter_y',
      'sensor_sort',
      'sensor_order',
      'sparkline',
      'incident_sort',
      'incident_order',
      'incident_state',
      'short_incidents',
      'reading',
      'incident',
    ];
    const search = new URLSearchParams([...names, ...lists].map((parameter) => [parameter, name]));
    const { state, problems } = parseUrlState(`${search}&${name}=1`, { types });
    expect(state).toEqual(defaultUrlState);
    expect(problems.toSorted()).toEqual(search.toString().split('&').toSorted());
    expect(parseUrlState(`sensor=${name}&model=${name}&sensor_search=${name}`).state).toEqual({
      ...defaultUrlState,
      ...{ sensors: [name], model: name, sensorList: { ...defaultUrlState.sensorList, search: name } },
    });
  });

  test('accepts the features of the type', () => {
    const query =
      '?type=pump&sort=rpm&rpm_max=3000&sparkline=oil+[bar]&temperature_min=1&scatter_x=temperature';
    const { state, problems } = parseUrlState(query, { types });
    expect(state).toMatchObject({ type: 'pump', sort: 'rpm', filters: { bounds: { rpm_max: 3000 } } });
    expect(state.sensorList.sparkline).toBe('oil [bar]');
    expect(problems).toEqual(['scatter_x=temperature']);
  });

  test('shows the default type for its name and for an unknown one', () => {
    expect(parseUrlState('type=climate', { types })).toEqual({ state: defaultUrlState, problems: [] });
    const { state, problems } = parseUrlState('type=boiler', { types });
    expect([state.type, problems]).toEqual([undefined, ['type=boiler']]);
    expect(parseUrlState('type=boiler').state.type).toBe('boiler');
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
    expect(parseUrlState('', { zone: 'UTC' }).state.zone).toBe('UTC');
    expect(parseUrlState('zone=Asia/Kathmandu', { zone: 'UTC' }).state.zone).toBe('Asia/Kathmandu');
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

describe('withType', () => {
  test('keeps nothing that belongs to features or sensors', () => {
    const query =
      'mode=live&range=1h&sensor=attic&sort=humidity&order=asc&temperature_min=20&score_min=0.5&prediction=1' +
      '&scatter_x=humidity&features=humidity&sensor_search=a&sparkline=humidity&model=m' +
      '&incident_rule=Too+warm&incident_sort=length';
    const { state } = parseUrlState(query, { types });
    expect(withType(state, 'pump')).toEqual({
      ...defaultUrlState,
      time: { mode: 'live', range: '1h' },
      type: 'pump',
      filters: { prediction: 1, bounds: { score_min: 0.5 } },
      incidentList: { ...defaultUrlState.incidentList, sort: 'length' },
    });
  });

  test('keeps the sort order by a column that all types have', () => {
    const { state } = parseUrlState('sort=score&order=asc', { types });
    expect(withType(state, 'pump')).toMatchObject({ sort: 'score', order: 'asc' });
  });
});
