import { describe, expect, test } from 'vitest';
import { findTemplateFaults, renderTemplate, type TemplateFields } from './template.ts';

const fields: TemplateFields = {
  rule: 'Anomalies',
  sensor: 'cold-store-1',
  type: 'climate',
  severity: 'warning',
  state: 'firing',
  started_at: '2026-03-01T00:00:00.000Z',
  opened_at: '2026-03-01T00:02:00.000Z',
  last_seen_at: '2026-03-01T00:05:00.000Z',
  cleared_at: null,
  readings: 1000,
  anomalies: 3,
  peak_score: 0.98765,
  labels: { team: 'cooling', cost: '$& {{ rule }}' },
};

describe('renderTemplate', () => {
  test.each([
    ['{{ sensor }}: {{anomalies}} of {{  readings  }}', 'cold-store-1: 3 of 1000'],
    ['{{ peak_score }} until {{ cleared_at }}', '0.988 until none'],
    ['{{ labels.team }}, {{ labels.none }}', 'cooling, {{ labels.none }}'],
    ['{{ labels.cost }}', '$& {{ rule }}'],
    [
      '{{ labels.constructor }} {{ constructor }} {{ labels }}',
      '{{ labels.constructor }} {{ constructor }} {{ labels }}',
    ],
    ['{ sensor } }} {{', '{ sensor } }} {{'],
    ['{{{ sensor }}}', '{cold-store-1}'],
    ['', ''],
  ])('%s', (text, rendered) => {
    expect(renderTemplate(text, fields)).toBe(rendered);
  });

  test('leaves nothing open of a template without faults', () => {
    const text = '{{ rule }}{{ sensor }}{{ type }}{{ severity }}{{ state }}{{ labels.team }}';
    expect(findTemplateFaults(text, ['team'])).toEqual([]);
    expect(renderTemplate(text, fields)).toBe('Anomaliescold-store-1climatewarningfiringcooling');
  });
});

describe('findTemplateFaults', () => {
  test('names the nearest field and all fields', () => {
    expect(findTemplateFaults('{{ anomalys }}', ['team'])).toEqual([
      'unknown field "anomalys" (did you mean "anomalies"?); the fields are rule, sensor, type, severity, state, started_at, opened_at, last_seen_at, cleared_at, readings, anomalies, peak_score, labels.team',
    ]);
  });

  test.each([
    ['{{ labels.taem }}', 'did you mean "labels.team"?'],
    ['{{ $labels.team }}', 'did you mean "labels.team"?'],
    ['{{ sensor_id }}', 'unknown field "sensor_id"; the fields are'],
    ['{{ value }}', 'unknown field "value"; the fields are'],
    ['{{ }}', 'unknown field ""; the fields are'],
    ['{{ sensor }', 'expected }} after {{'],
  ])('%s', (text, fault) => {
    const faults = findTemplateFaults(text, ['team']);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test('names a field once that is used twice', () => {
    expect(findTemplateFaults('{{ x }} {{ x }} {{ y }}', [])).toHaveLength(2);
  });
});
