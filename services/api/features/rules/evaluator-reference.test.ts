import { type Rule, type RuleInput, ruleSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evaluated, evaluateByReference, type RuleEvent } from '../../testing/reference-evaluator.ts';
import {
  createEvaluator,
  type EvaluatedIncident,
  type Evaluator,
  type EvaluatorOptions,
  type SensorRuleState,
} from './evaluator.ts';

const startMs = Date.parse('2026-03-01T00:00:00.000Z');
const maxJitterMs = 200;
const hourMs = 3_600_000;

const durations = fc.constantFrom('500ms', '2s', '10s', '1m', '10m');
const waits = fc.constantFrom('0s', '0s', '2s', '10s', '2m');
const featureNames = fc.constantFrom('temperature', 'temperature', 'humidity', 'humidity', 'pressure');
const shares = fc.constantFrom(
  { raise: 0.3, clear: 0.1 },
  { raise: 0.5 },
  { raise: 0.75, clear: 0.25 },
  { raise: 1 },
);
const windows = fc.oneof(fc.integer({ min: 1, max: 8 }), durations);

const conditions: fc.Arbitrary<RuleInput['condition']> = fc.oneof(
  fc
    .record({ kind: fc.constantFrom('anomaly_share', 'late'), window: windows, levels: shares })
    .map(({ levels, ...rest }) => ({ ...rest, ...levels })),
  fc.record({ kind: fc.constant('anomalies_in_a_row'), count: fc.integer({ min: 1, max: 4 }) }),
  fc.constantFrom(
    { kind: 'score_above', above: 0.5 } as const,
    { kind: 'score_above', above: 0.8, clear: 0.5 } as const,
  ),
  fc
    .record({
      kind: fc.constant('feature'),
      feature: featureNames,
      levels: fc.constantFrom(
        { above: 20 },
        { below: 10 },
        { above: 30, below: 0 },
        { outside_limits: true } as const,
        { above: 30, outside_limits: true } as const,
      ),
      hysteresis: fc.constantFrom(0, 5, 10),
    })
    .map(({ levels, ...rest }) => ({ ...rest, ...levels })),
  fc.record({
    kind: fc.constant('rate_of_change'),
    feature: featureNames,
    above: fc.constantFrom(1, 10, 100),
    per: durations,
  }),
  fc.record({ kind: fc.constant('stuck'), feature: featureNames, duration: durations }),
  fc.record({ kind: fc.constant('silent'), after: durations }),
  fc.record({ kind: fc.constant('silent'), intervals: fc.constantFrom(2, 3.5, 10) }),
  fc
    .record({ kind: fc.constant('rejected'), window: durations, levels: shares })
    .map(({ levels, ...rest }) => ({ ...rest, ...levels })),
  fc.record({ kind: fc.constant('clock_skew'), above: durations }),
);

const ruleLists = fc
  .array(
    fc.record({
      condition: conditions,
      for: waits,
      keep_firing_for: waits,
      sensors: fc.constantFrom('*', '1'),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rules) => rules.map((rule, place) => ruleSchema.parse({ ...rule, name: `rule ${place}` })));

function toOptions(rules: readonly Rule[]): EvaluatorOptions {
  const features = [
    { name: 'temperature', min: 0, max: 40 },
    { name: 'humidity', min: null, max: 30 },
  ];
  const matches = (rule: Rule, sensor: number) => rule.sensors === '*' || rule.sensors === String(sensor);
  return { features, rules, matches, maxClockSkewMs: 300_000 };
}

/** How far timestamps are behind arrivals, in a stretch of readings of one sensor. */
const delays: Readonly<Record<string, (random: number) => number>> = {
  live: () => 20,
  late: (random) => random * 60_000,
  future: (random) => -random * 600_000,
  'far in the future': () => -100 * hourMs,
  backfilled: (random) => random * 1000 * hourMs,
  'steadily behind': (random) => hourMs + random * 20_000,
  'nearly steadily behind': (random) => hourMs + random * 40_000,
};
const stepsMs = fc.constantFrom(0, 1, 50, 101, 1000, 1000, 5000, 10_000, 120_000);

const readings = fc.record({
  values: fc.tuple(
    fc.constantFrom(null, 0, 10, 15, 20, 20, 20, 30, 45),
    fc.constantFrom(null, -5, 20, 20, 20, 35),
  ),
  prediction: fc.constantFrom(0, 0, 1, 1, 1, null),
  score: fc.constantFrom(null, 0.1, 0.5, 0.7, 0.9),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
  jitterMs: fc.constantFrom(0, 0, 0, 90, maxJitterMs),
  isSameTime: fc.constantFrom(false, false, false, true),
});
const stretches = fc.record({
  sensor: fc.constantFrom(1, 1, 2, 3),
  delay: fc.constantFrom(...Object.keys(delays)),
  stepMs: stepsMs,
  readings: fc.array(readings, { maxLength: 12 }),
  rejected: fc.integer({ min: 0, max: 3 }),
  stored: fc.integer({ min: 0, max: 3 }),
  tickMs: fc.constantFrom(null, 0, 1000, 60_000, 700_000),
});

/** Events in the order in which they happen: no reading arrives before an earlier tick. */
const eventLists = fc.array(stretches, { maxLength: 12 }).map((list) => {
  const events: RuleEvent[] = [];
  let nowMs = startMs;
  let timestampMs = startMs;
  for (const { sensor, delay, stepMs, tickMs, rejected, stored, ...stretch } of list) {
    for (const { random, jitterMs, isSameTime, ...reading } of stretch.readings) {
      nowMs += stepMs;
      const receivedMs = nowMs - jitterMs;
      if (!isSameTime) timestampMs = receivedMs - Math.round(delays[delay]?.(random) ?? 0);
      const seq = events.length;
      events.push({ reading: { seq, id: `reading ${seq}`, sensor, timestampMs, receivedMs, ...reading } });
    }
    const rejections = { sensor, rejected, stored, atMs: nowMs - 500 * stored };
    if (rejected > 0) events.push({ rejections });
    if (tickMs === null) continue;
    nowMs += tickMs;
    events.push({ tickMs: nowMs - maxJitterMs });
  }
  return events;
});

function apply(evaluator: Evaluator, event: RuleEvent): void {
  if ('reading' in event) evaluator.add(event.reading);
  else if ('tickMs' in event) evaluator.advance(event.tickMs);
  else evaluator.addRejected(event.rejections.sensor, event.rejections);
}

/** What happens after an event, besides the next one. */
type Break = 'nothing' | 'take changes' | 'save' | 'restart';
const breakLists = fc.infiniteStream(
  fc.constantFrom<Break>('nothing', 'nothing', 'nothing', 'take changes', 'save', 'restart'),
);

function toKey({ rule, sensor, openedMs, openedSeq }: EvaluatedIncident): string {
  return [rule, sensor, openedMs, openedSeq].join();
}

/** Evaluates events with interruptions. A restart goes back to the last save, and evaluates what follows it again. */
function evaluateWithBreaks(
  options: EvaluatorOptions,
  events: readonly RuleEvent[],
  { breaks, isReplayed }: { breaks: Iterator<Break>; isReplayed: (event: RuleEvent) => boolean },
) {
  let evaluator = createEvaluator(options);
  let saved = { text: JSON.stringify(evaluator.save()), events: 0 };
  const incidents = new Map<string, EvaluatedIncident>();
  const takeChanges = () => {
    for (const incident of evaluator.takeChanges()) incidents.set(toKey(incident), incident);
  };
  for (const [index, event] of events.entries()) {
    apply(evaluator, event);
    const next: Break = breaks.next().value ?? 'nothing';
    if (next === 'take changes' || next === 'save') takeChanges();
    if (next === 'save') saved = { text: JSON.stringify(evaluator.save()), events: index + 1 };
    if (next !== 'restart') continue;
    evaluator = createEvaluator(options);
    evaluator.restore(JSON.parse(saved.text));
    for (const again of events.slice(saved.events, index + 1).filter(isReplayed)) apply(evaluator, again);
  }
  takeChanges();
  return { incidents: [...incidents.values()], states: (nowMs: number) => evaluator.states(nowMs) };
}

const compareKeys = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function sortIncidents(incidents: readonly EvaluatedIncident[]): EvaluatedIncident[] {
  // Those that open twice in the same millisecond, without a reading, are the same.
  const byKey = new Map(incidents.map((incident) => [toKey(incident), incident]));
  return [...byKey.entries()].sort(([a], [b]) => compareKeys(a, b)).map(([, incident]) => incident);
}

function sortStates(states: readonly SensorRuleState[]): SensorRuleState[] {
  const toText = ({ rule, sensor }: SensorRuleState) => `${rule},${sensor}`;
  return states.toSorted((a, b) => compareKeys(toText(a), toText(b)));
}

function sortAll({ incidents, states }: Evaluated): Evaluated {
  return { incidents: sortIncidents(incidents), states: sortStates(states) };
}

describe('createEvaluator', () => {
  test('equals a reference that recomputes everything, also after restarts', () => {
    const found = new Set<string>();
    fc.assert(
      fc.property(ruleLists, eventLists, breakLists, (rules, events, breaks) => {
        const options = toOptions(rules);
        const endMs = startMs + 30_000 + events.length * 1000;
        const { incidents, states } = evaluateWithBreaks(options, events, { breaks, isReplayed: () => true });
        const expected = sortAll(evaluateByReference(options, events, endMs));
        expect(sortAll({ incidents, states: states(endMs) })).toEqual(expected);
        const kinds = new Map(rules.map(({ name, condition }) => [name, condition.kind]));
        for (const { rule, clearedMs } of incidents)
          found.add(`${kinds.get(rule)} ${clearedMs === null ? 'open' : 'cleared'}`);
        for (const { state } of expected.states) found.add(state);
      }),
      { numRuns: 500 },
    );
    // The property is worth nothing unless each kind of condition fires and clears.
    for (const kind of ruleSchema.shape.condition.options.flatMap(({ shape }) => [...shape.kind.values]))
      expect(found).toEqual(new Set([...found, `${kind} open`, `${kind} cleared`]));
    for (const state of ['pending', 'firing', 'recovering', 'no_data', 'error'])
      expect(found).toContain(state);
  });

  test('gives the same incidents with readings alone as with ticks and restarts that lose them', () => {
    let count = 0;
    fc.assert(
      fc.property(ruleLists, eventLists, breakLists, (rules, events, breaks) => {
        // Rejected readings are not stored: they are known to live evaluation alone.
        const options = toOptions(rules.filter(({ condition }) => condition.kind !== 'rejected'));
        const end = { tickMs: startMs + 1000 * hourMs };
        const isReading = (event: RuleEvent) => 'reading' in event;
        const live = [...events.filter((event) => !('rejections' in event)), end];
        const isReplayed = (event: RuleEvent) => isReading(event) || event === end;
        const withBreaks = evaluateWithBreaks(options, live, { breaks, isReplayed });
        const preview = createEvaluator(options);
        for (const event of [...events.filter(isReading), end]) apply(preview, event);
        const incidents = preview.takeChanges();
        expect(sortIncidents(withBreaks.incidents)).toEqual(sortIncidents(incidents));
        expect(incidents.map(({ openedMs }) => openedMs)).toEqual(
          incidents.map(({ openedMs }) => openedMs).toSorted((a, b) => a - b),
        );
        count += incidents.length;
      }),
      { numRuns: 500 },
    );
    expect(count).toBeGreaterThan(500);
  });
});
