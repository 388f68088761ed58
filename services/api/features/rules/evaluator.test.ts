import { type RuleInput, ruleSchema } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createEvaluator, type RuleReading } from './evaluator.ts';

const startMs = Date.parse('2026-03-01T00:00:00.000Z');
const features = [
  { name: 'temperature', min: -10, max: 50 },
  { name: 'humidity', min: null, max: 100 },
];

interface Sent {
  sensor?: number;
  temperature?: number | null;
  humidity?: number | null;
  prediction?: 0 | 1 | null;
  score?: number | null;
  /** The timestamp in seconds after the start. Default: the arrival. */
  at?: number;
}

/** A rule with readings that arrive at seconds after the start. Results are in the same seconds. */
function watch(condition: RuleInput['condition'], times: Pick<RuleInput, 'for' | 'keep_firing_for'> = {}) {
  const rule = ruleSchema.parse({ name: 'Rule', condition, ...times });
  const evaluator = createEvaluator({
    features,
    rules: [rule],
    matches: () => true,
    maxClockSkewMs: 300_000,
  });
  const toSeconds = (ms: number) => (ms - startMs) / 1000;
  let seq = 0;
  return {
    evaluator,
    send(second: number, { sensor = 1, temperature = 20, humidity = 50, at = second, ...sent }: Sent = {}) {
      seq += 1;
      const prediction = sent.prediction === undefined ? 0 : sent.prediction;
      const score = sent.score === undefined ? prediction : sent.score;
      const reading: RuleReading = {
        seq,
        id: `reading ${seq}`,
        sensor,
        timestampMs: startMs + at * 1000,
        receivedMs: startMs + second * 1000,
        values: [temperature, humidity],
        prediction,
        score,
      };
      evaluator.add(reading);
    },
    reject(second: number, rejected: number, stored: number) {
      evaluator.addRejected(1, { rejected, stored, atMs: startMs + second * 1000 });
    },
    advance: (second: number) => evaluator.advance(startMs + second * 1000),
    state: (second: number) => evaluator.states(startMs + second * 1000)[0]?.state ?? 'normal',
    /** When incidents opened and cleared since the last call. */
    changes: () =>
      evaluator.takeChanges().map(({ openedMs, clearedMs }) => ({
        opened: toSeconds(openedMs),
        cleared: clearedMs === null ? null : toSeconds(clearedMs),
      })),
  };
}

const anomaly = { prediction: 1 } as const;
const normal = { prediction: 0 } as const;

describe('anomaly_share', () => {
  test('raises at a share of the last n readings and clears at a lower one', () => {
    const { send, changes } = watch({ kind: 'anomaly_share', window: 10, raise: 0.3, clear: 0.1 });
    for (const second of [1, 2]) send(second, anomaly);
    expect(changes()).toEqual([]);
    send(3, anomaly);
    for (let second = 4; second <= 11; second++) send(second);
    expect(changes()).toEqual([{ opened: 3, cleared: null }]);
    send(12);
    expect(changes()).toEqual([{ opened: 3, cleared: 12 }]);
  });

  test('clears below `raise` by default', () => {
    const { send, changes } = watch({ kind: 'anomaly_share', window: 4, raise: 0.5 });
    send(1, anomaly);
    send(2, anomaly);
    send(3);
    send(4);
    expect(changes()).toEqual([{ opened: 2, cleared: null }]);
    send(5);
    expect(changes()).toEqual([{ opened: 2, cleared: 5 }]);
  });

  test('needs three readings in a window of a duration', () => {
    const { send, changes } = watch({ kind: 'anomaly_share', window: '1m', raise: 0.5 });
    send(0, anomaly);
    send(10, anomaly);
    send(61, anomaly);
    expect(changes()).toEqual([]);
    send(65, anomaly);
    expect(changes()).toEqual([{ opened: 65, cleared: null }]);
  });

  test('forgets readings that are as old as the window', () => {
    const { send, changes } = watch({ kind: 'anomaly_share', window: '1m', raise: 0.5 });
    for (const second of [0, 1, 2]) send(second, anomaly);
    send(30);
    send(60);
    send(61);
    expect(changes()).toEqual([{ opened: 2, cleared: 61 }]);
  });

  test('keeps the newest 1000 readings of a longer window', () => {
    const { send, changes } = watch({ kind: 'anomaly_share', window: '1d', raise: 0.5, clear: 0 });
    for (let second = 0; second < 600; second++) send(second, anomaly);
    for (let second = 600; second < 1599; second++) send(second);
    expect(changes()).toEqual([{ opened: 2, cleared: null }]);
    send(1599);
    expect(changes()).toEqual([{ opened: 2, cleared: 1599 }]);
  });

  test('leaves out readings without a score', () => {
    const { send, changes } = watch({ kind: 'anomaly_share', window: 2, raise: 1 });
    send(1, anomaly);
    send(2, { prediction: null });
    send(3, anomaly);
    send(4, { prediction: null });
    expect(changes()).toEqual([{ opened: 3, cleared: null }]);
  });
});

describe('anomalies_in_a_row', () => {
  test('raises at the last of them and clears at a normal reading', () => {
    const { send, changes } = watch({ kind: 'anomalies_in_a_row', count: 3 });
    const stream = [
      anomaly,
      anomaly,
      normal,
      anomaly,
      { prediction: null },
      anomaly,
      anomaly,
      anomaly,
      normal,
    ];
    stream.forEach((reading, second) => {
      send(second, reading);
    });
    expect(changes()).toEqual([{ opened: 6, cleared: 8 }]);
  });
});

test('score_above raises above one level and clears at another', () => {
  const { send, changes } = watch({ kind: 'score_above', above: 0.8, clear: 0.5 });
  for (const [second, score] of [0.8, 0.81, 0.6, null, 0.9].entries()) send(second, { score });
  expect(changes()).toEqual([{ opened: 1, cleared: null }]);
  send(9, { score: 0.5 });
  expect(changes()).toEqual([{ opened: 1, cleared: 9 }]);
});

describe('feature', () => {
  test('raises above and below levels, and clears where the value is inside by the hysteresis', () => {
    const { send, changes } = watch({
      kind: 'feature',
      feature: 'temperature',
      above: 30,
      below: 10,
      hysteresis: 2,
    });
    for (const [second, temperature] of [30, 31, 29, null, 28].entries()) send(second, { temperature });
    expect(changes()).toEqual([{ opened: 1, cleared: 4 }]);
    for (const [second, temperature] of [9, 11, 12].entries()) send(10 + second, { temperature });
    expect(changes()).toEqual([{ opened: 10, cleared: 12 }]);
  });

  test('raises outside the limits of the sensor type', () => {
    const temperatures = watch({ kind: 'feature', feature: 'temperature', outside_limits: true });
    for (const [second, temperature] of [50, 51, 20, -11, 20].entries())
      temperatures.send(second, { temperature });
    expect(temperatures.changes()).toEqual([
      { opened: 1, cleared: 2 },
      { opened: 3, cleared: 4 },
    ]);
    const humidities = watch({ kind: 'feature', feature: 'humidity', outside_limits: true });
    for (const [second, humidity] of [-1000, 101].entries()) humidities.send(second, { humidity });
    expect(humidities.changes()).toEqual([{ opened: 1, cleared: null }]);
  });

  test('is in error where the sensor type lacks the feature', () => {
    const { send, state, changes } = watch({ kind: 'feature', feature: 'pressure', above: 1 });
    send(1);
    expect(state(1)).toBe('error');
    expect(changes()).toEqual([]);
  });
});

test('rate_of_change compares a reading with the previous one that has a value', () => {
  const { send, changes } = watch({ kind: 'rate_of_change', feature: 'temperature', above: 5, per: '1m' });
  send(0, { temperature: 20 });
  send(60, { temperature: 25 });
  send(90, { temperature: null });
  send(120, { temperature: 19 });
  send(120, { temperature: 90 });
  send(180, { temperature: 91 });
  expect(changes()).toEqual([{ opened: 120, cleared: 180 }]);
});

test('stuck raises once the value has been the same for the duration', () => {
  const { send, changes } = watch({ kind: 'stuck', feature: 'temperature', duration: '10s' });
  for (const [second, temperature] of [20, 21, 21, null].entries()) send(second, { temperature });
  send(10, { temperature: 21 });
  send(11, { temperature: 21 });
  send(12, { temperature: 22 });
  expect(changes()).toEqual([{ opened: 11, cleared: 12 }]);
});

describe('silent', () => {
  test('raises at its due time and clears at the next reading', () => {
    const { send, advance, changes } = watch({ kind: 'silent', after: '30s' });
    send(0);
    advance(29.999);
    expect(changes()).toEqual([]);
    advance(45);
    expect(changes()).toEqual([{ opened: 30, cleared: null }]);
    send(50);
    expect(changes()).toEqual([{ opened: 30, cleared: 50 }]);
  });

  test('raises without a call of `advance`', () => {
    const { send, changes } = watch({ kind: 'silent', after: '30s' });
    send(0);
    send(50);
    expect(changes()).toEqual([{ opened: 30, cleared: 50 }]);
  });

  test('knows the usual interval after five gaps', () => {
    const { send, advance, changes } = watch({ kind: 'silent', intervals: 3 });
    for (let second = 0; second <= 40; second += 10) send(second);
    advance(1000);
    expect(changes()).toEqual([]);
    send(50);
    send(1050);
    send(1060);
    expect(changes()).toEqual([{ opened: 80, cleared: 1050 }]);
    advance(1100);
    expect(changes()).toEqual([{ opened: 1090, cleared: null }]);
  });

  test('counts `for` and `keep_firing_for` in time of arrival', () => {
    const { send, advance, changes } = watch(
      { kind: 'silent', after: '30s' },
      { for: '10s', keep_firing_for: '20s' },
    );
    send(0);
    send(39);
    advance(79);
    expect(changes()).toEqual([{ opened: 79, cleared: null }]);
    send(80);
    advance(99);
    expect(changes()).toEqual([{ opened: 79, cleared: null }]);
    advance(200);
    expect(changes()).toEqual([
      { opened: 79, cleared: 100 },
      { opened: 120, cleared: null },
    ]);
  });
});

test('late raises by the share of readings before an earlier one, and ignores timestamps in the future', () => {
  const { send, changes } = watch({ kind: 'late', window: 4, raise: 0.5 });
  send(0, { at: 10_000 });
  for (const [second, at] of [1, 5, 4, 5, 3].entries()) send(1 + second, { at });
  expect(changes()).toEqual([{ opened: 5, cleared: null }]);
});

test('rejected raises by the share of rejected readings', () => {
  const { reject, advance, changes, state } = watch({
    kind: 'rejected',
    window: '1m',
    raise: 0.5,
    clear: 0.1,
  });
  reject(0, 2, 0);
  expect(changes()).toEqual([]);
  reject(10, 1, 2);
  expect(changes()).toEqual([{ opened: 10, cleared: null }]);
  advance(69);
  expect(state(69)).toBe('firing');
  advance(70);
  expect(changes()).toEqual([{ opened: 10, cleared: 70 }]);
});

test('clock_skew raises in either direction, at a backfill too', () => {
  const { send, changes } = watch({ kind: 'clock_skew', above: '1m' });
  send(0);
  send(60, { at: 0 });
  send(61, { at: 122 });
  send(130);
  send(140, { at: -100_000 });
  expect(changes()).toEqual([
    { opened: 122, cleared: 130 },
    { opened: 140, cleared: null },
  ]);
});

describe('for and keep_firing_for', () => {
  const hot = { temperature: 31 };
  const condition = { kind: 'feature', feature: 'temperature', above: 30 } as const;

  test('fires once the condition has held for the duration', () => {
    const { send, state, changes } = watch(condition, { for: '10s' });
    send(0, hot);
    expect(state(0)).toBe('pending');
    send(9);
    expect(state(9)).toBe('normal');
    send(20, hot);
    send(29, hot);
    expect(changes()).toEqual([]);
    send(30, hot);
    expect(state(30)).toBe('firing');
    expect(changes()).toEqual([{ opened: 30, cleared: null }]);
  });

  test('keeps firing, as one incident, while the condition returns in time', () => {
    const { send, state, changes } = watch(condition, { keep_firing_for: '10s' });
    send(0, hot);
    send(1);
    expect(state(1)).toBe('recovering');
    send(10, hot);
    expect(state(10)).toBe('firing');
    send(11);
    send(20);
    expect(changes()).toEqual([{ opened: 0, cleared: null }]);
    send(21);
    expect(state(21)).toBe('normal');
    expect(changes()).toEqual([{ opened: 0, cleared: 21 }]);
  });
});

describe('an incident', () => {
  test('counts readings and anomalies from its start, and knows the highest score', () => {
    const { send, evaluator } = watch(
      { kind: 'anomalies_in_a_row', count: 2 },
      { for: '2s', keep_firing_for: '2s' },
    );
    for (const second of [0, 1, 2]) send(second, { prediction: 1, score: 0.6 });
    send(3, { prediction: 1, score: 0.9 });
    send(4, { prediction: null, score: null });
    send(5, { prediction: 0, score: 0.2 });
    send(7);
    expect(evaluator.takeChanges()).toEqual([
      {
        rule: 'Rule',
        sensor: 1,
        startedMs: startMs + 1000,
        openedMs: startMs + 3000,
        openedSeq: 4,
        lastSeenMs: startMs + 4000,
        clearedMs: startMs + 7000,
        readings: 5,
        anomalies: 3,
        peakScore: 0.9,
        peakReadingId: 'reading 4',
      },
    ]);
    expect(evaluator.takeChanges()).toEqual([]);
  });

  test('is in the order of opening, with one per sensor', () => {
    const { send, changes } = watch({ kind: 'anomalies_in_a_row', count: 1 });
    send(2, { ...anomaly, sensor: 2 });
    send(3, { ...anomaly, sensor: 1 });
    send(4, { ...normal, sensor: 2 });
    expect(changes()).toEqual([
      { opened: 2, cleared: 4 },
      { opened: 3, cleared: null },
    ]);
  });
});

describe('the clock of a sensor', () => {
  const hour = 3600;
  const condition = { kind: 'anomalies_in_a_row', count: 3 } as const;

  test('does not fire at a backfill', () => {
    const { send, changes } = watch(condition);
    send(0);
    for (let second = 1; second <= 120; second++) send(second, { ...anomaly, at: -100 * hour + 60 * second });
    expect(changes()).toEqual([]);
    for (const second of [121, 122, 123]) send(second, anomaly);
    expect(changes()).toEqual([{ opened: 123, cleared: null }]);
  });

  test('fires by arrival where it is steadily behind for a minute', () => {
    const { send, changes } = watch(condition);
    for (let second = 0; second <= 100; second++)
      send(second, { ...anomaly, at: second - hour + (second % 20) });
    expect(changes()).toEqual([{ opened: 62, cleared: null }]);
  });

  test('waits for another minute after a reading whose delay differs', () => {
    const { send, changes } = watch(condition);
    for (let second = 0; second < 30; second++) send(second, { ...anomaly, at: second - hour });
    for (let second = 30; second < 60; second++) send(second, { ...anomaly, at: second - 2 * hour });
    send(60, normal);
    for (let second = 61; second < 200; second++) send(second, { ...anomaly, at: second - hour });
    expect(changes()).toEqual([{ opened: 123, cleared: null }]);
  });

  test('never goes back', () => {
    const { send, evaluator } = watch(condition);
    for (const [second, at] of [100, 50, 60].entries()) send(100 + second, { ...anomaly, at });
    expect(evaluator.takeChanges()).toMatchObject([{ openedMs: startMs + 100_000, openedSeq: 3 }]);
  });
});

describe('states', () => {
  test('has no data after a minute or ten usual intervals', () => {
    const quick = watch({ kind: 'anomalies_in_a_row', count: 1 });
    quick.send(0);
    expect([quick.state(60), quick.state(60.001)]).toEqual(['normal', 'no_data']);
    const slow = watch({ kind: 'anomalies_in_a_row', count: 1 });
    for (let second = 0; second <= 50; second += 10) slow.send(second);
    expect([slow.state(150), slow.state(150.001)]).toEqual(['normal', 'no_data']);
  });

  test('shows an open incident although there is no data', () => {
    const { send, state } = watch({ kind: 'anomalies_in_a_row', count: 1 });
    send(0, anomaly);
    expect(state(1000)).toBe('firing');
  });
});

describe('save', () => {
  const condition = { kind: 'anomalies_in_a_row', count: 2 } as const;

  test('continues after restore', () => {
    const before = watch(condition);
    before.send(0, anomaly);
    const after = watch(condition);
    after.evaluator.restore(JSON.parse(JSON.stringify(before.evaluator.save())));
    after.send(1, anomaly);
    expect(after.changes()).toEqual([{ opened: 1, cleared: null }]);
    expect(before.changes()).toEqual([]);
  });

  test('saves the sensors that are asked for', () => {
    const { send, evaluator } = watch(condition);
    for (const sensor of [1, 2, 3]) send(0, { sensor });
    expect(evaluator.save([2, 4]).sensors.map(({ sensor }) => sensor)).toEqual([2]);
  });
});
