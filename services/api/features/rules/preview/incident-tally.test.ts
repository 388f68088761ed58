import { maxPreviewIncidents } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import type { EvaluatedIncident } from '../evaluator.ts';
import { createIncidentTally } from './incident-tally.ts';

function createIncident(incident: Partial<EvaluatedIncident>): EvaluatedIncident {
  const { startedMs = 0, openedMs = startedMs } = incident;
  return {
    rule: 'rule',
    sensor: 1,
    startedMs,
    openedMs,
    openedSeq: openedMs,
    lastSeenMs: openedMs,
    clearedMs: null,
    readings: 1,
    anomalies: 1,
    peakScore: null,
    peakReadingId: null,
    ...incident,
  };
}

describe('createIncidentTally', () => {
  test('has no figures without incidents', () => {
    expect(createIncidentTally().finish(1000)).toEqual({
      newest: [],
      incidents: 0,
      sensors: 0,
      medianLengthMs: null,
      medianDelayMs: null,
      feedback: null,
    });
  });

  test('counts an incident once, however often it changes', () => {
    const tally = createIncidentTally();
    tally.addChanges([createIncident({ readings: 1 })]);
    tally.addChanges([createIncident({ readings: 2 })]);
    const [second, cleared] = [createIncident({ startedMs: 50 }), createIncident({ clearedMs: 40 })];
    tally.addChanges([cleared, second]);
    const { newest, incidents } = tally.finish(90);
    expect(incidents).toBe(2);
    expect(newest).toEqual([second, cleared]);
  });

  test('takes the middle of lengths and delays, and the end of the window for an open incident', () => {
    const tally = createIncidentTally();
    tally.addChanges([
      createIncident({ sensor: 1, startedMs: 0, openedMs: 10, clearedMs: 100 }),
      createIncident({ sensor: 2, startedMs: 500, openedMs: 530 }),
    ]);
    expect(tally.finish(800)).toMatchObject({ sensors: 2, medianLengthMs: 200, medianDelayMs: 20 });
  });

  test('keeps the newest incidents and counts all', () => {
    const tally = createIncidentTally();
    const total = 2 * maxPreviewIncidents + 500;
    for (let at = 0; at < total; at++)
      tally.addChanges([createIncident({ startedMs: at * 10, clearedMs: at * 10 + 5 })]);
    const { newest, incidents } = tally.finish(total * 10);
    expect(incidents).toBe(total);
    expect(newest.map(({ startedMs }) => startedMs / 10)).toEqual(
      Array.from({ length: maxPreviewIncidents }, (_, index) => total - 1 - index),
    );
  });

  test('refuses a rule with too many incidents', () => {
    const tally = createIncidentTally({ maxIncidents: 2 });
    const add = (startedMs: number) =>
      tally.addChanges([createIncident({ startedMs, clearedMs: startedMs + 5 })]);
    add(10);
    add(20);
    expect(() => add(30)).toThrow('more than 2 incidents');
  });

  test('compares incidents with the labels in them', () => {
    const tally = createIncidentTally();
    const label = (sensor: number, timestampMs: number, isAnomaly: boolean) =>
      tally.addLabel({ sensor, timestampMs }, isAnomaly);
    tally.addChanges([
      createIncident({ startedMs: 100, clearedMs: 200 }),
      createIncident({ startedMs: 300, clearedMs: 400 }),
      createIncident({ startedMs: 500, clearedMs: 600 }),
      createIncident({ sensor: 2, startedMs: 700 }),
    ]);
    label(1, 100, true); // the first moment of the first incident
    label(1, 150, false);
    label(1, 200, true); // after it has cleared
    label(1, 350, false); // the second incident is wrong
    label(2, 350, true); // another sensor
    label(2, 999, true);
    // Nothing is known of the third incident. The first and the fourth are right.
    expect(tally.finish(1000).feedback).toEqual({ labeled: 6, precision: 2 / 3, recall: 2 / 4 });
  });

  test('has no precision without labels in incidents, and no recall without labels 1', () => {
    const tally = createIncidentTally();
    tally.addLabel({ sensor: 1, timestampMs: 5 }, false);
    expect(tally.finish(10).feedback).toEqual({ labeled: 1, precision: null, recall: null });
  });
});
