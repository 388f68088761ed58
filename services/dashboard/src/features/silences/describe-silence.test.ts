import { matcherSchema, type Silence } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { createTestIncident } from '../incidents/test-incident.ts';
import { createZone } from '../time/zone.ts';
import { describeMatcher, describeSilence, silenceLengths } from './describe-silence.ts';
import { ofIncident, ofSensor } from './silence-button.tsx';

const clock = { nowMs: Date.parse('2026-03-01T12:00:00.000Z'), zone: createZone('Europe/Berlin') };

function createSilence(changes: Partial<Silence> = {}): Silence {
  return {
    ...{ id: 'a', matchers: [matcherSchema.parse({ name: 'sensor', value: 'hall' })], state: 'active' },
    ...{ starts_at: '2026-03-01T11:00:00.000Z', ends_at: '2026-03-01T17:00:00.000Z' },
    ...{ created_by: 'Ada', comment: 'new compressor' },
    ...changes,
  };
}

test.each([
  [{ name: 'sensor', value: 'attic' }, 'Sensor attic'],
  [{ name: 'sensor', value: 'cold-.*', isRegex: true }, 'Sensor like cold-.*'],
  [{ name: 'severity', value: 'critical', isEqual: false }, 'Severity not critical'],
  [{ name: 'team', value: 'roof' }, 'team: roof'],
  [{ name: 'team', value: '' }, 'team: empty'],
])('describeMatcher(%j) is "%s"', (given, expected) => {
  expect(describeMatcher(matcherSchema.parse(given))).toBe(expected);
});

describe('describeSilence', () => {
  test('says what, until when in the time zone, by whom and why', () => {
    expect(describeSilence(createSilence(), clock)).toBe(
      'Sensor hall · until 18:00 · by Ada · new compressor',
    );
    const expired = createSilence({ state: 'expired', created_by: 'anonymous' });
    expect(describeSilence(expired, clock)).toBe('Sensor hall · ended 18:00 · new compressor');
    const pending = createSilence({ state: 'pending', ends_at: '2026-03-02T17:00:00.000Z' });
    expect(describeSilence(pending, clock)).toContain('from 12:00 until tomorrow 18:00');
  });
});

test('silences last an hour, four hours, or until the next morning of the time zone', () => {
  const ends = silenceLengths.slice(0, 3).map(({ toEndMs }) => new Date(toEndMs(clock)).toISOString());
  expect(ends).toEqual(['2026-03-01T13:00:00.000Z', '2026-03-01T16:00:00.000Z', '2026-03-02T07:00:00.000Z']);
});

test('a sensor is silenced by silences of all its incidents, an incident also by those of its rule', () => {
  const ofRule = createSilence({
    matchers: [...createSilence().matchers, matcherSchema.parse({ name: 'alertname', value: 'Anomalies' })],
  });
  const incident = ofIncident(createTestIncident());
  const sensor = ofSensor('hall', 'climate');
  expect([incident.findSilence([ofRule]), sensor.findSilence([ofRule])]).toEqual([ofRule, undefined]);
  expect(sensor.findSilence([createSilence()])).toEqual(createSilence());
  expect(ofSensor('attic', 'climate').findSilence([createSilence()])).toBeUndefined();
});
