import { type RuleInput, ruleSchema } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toActiveRules, toRuleVersion } from './active-rules.ts';

const createRule = (given: Partial<RuleInput> = {}) =>
  ruleSchema.parse({ name: 'Row', condition: { kind: 'anomalies_in_a_row', count: 3 }, ...given });

describe('toActiveRules', () => {
  const types = ['climate', 'pump'];
  const sources = { file: [], people: [], types, defaultType: 'climate' };

  test('uses the default rule for each type without a rule', () => {
    const rules = toActiveRules({ ...sources, file: [createRule()] });
    expect(rules.map(({ rule, type, origin }) => [rule.name, type, origin])).toEqual([
      ['Row', 'climate', 'file'],
      ['Anomalies', 'pump', 'default'],
    ]);
  });

  test('prefers a rule of the file to that of a person with the same name', () => {
    const people = [
      { rule: createRule({ sensors: 'a*' }), changed_at: '2026-03-01T00:00:00.000Z' },
      { rule: createRule({ name: 'Other', type: 'pump' }), changed_at: '2026-03-01T00:00:00.000Z' },
    ];
    const rules = toActiveRules({ ...sources, file: [createRule()], people });
    expect(rules.map(({ rule, origin }) => [rule.name, rule.sensors, origin])).toEqual([
      ['Row', '*', 'file'],
      ['Other', '*', 'person'],
    ]);
  });
});

describe('toRuleVersion', () => {
  const version = toRuleVersion(createRule(), 'climate');

  test.each([
    [{ sensors: 'a*' }],
    [{ for: '5m' }],
    [{ keep_firing_for: '5m' }],
    [{ condition: { kind: 'anomalies_in_a_row' as const, count: 4 } }],
  ])('changes with %j', (change) => {
    expect(toRuleVersion(createRule(change), 'climate')).not.toBe(version);
  });

  test('does not change with labels, annotations or the order of fields', () => {
    const annotations = { summary: 'Three in a row' };
    const condition = { count: 3, kind: 'anomalies_in_a_row' as const };
    expect(toRuleVersion(createRule({ annotations, condition, labels: { team: 'a' } }), 'climate')).toBe(
      version,
    );
  });
});
