import {
  type Condition,
  climateType,
  type RuleInput,
  ruleSchema,
  rulesFileSchema,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  checkDraft,
  createDraft,
  type RuleDraft,
  toDraft,
  toDraftOf,
  toPreviewed,
  withKind,
} from './rule-draft.ts';
import { toRuleYaml } from './rule-yaml.ts';

const share = fc.integer({ min: 1, max: 1000 }).map((count) => count / 1000);
const shareLevels = fc
  .record({ raise: share, clear: fc.option(share, { nil: undefined }) })
  .map(({ raise, clear }) => ({ raise, ...(clear !== undefined && clear < raise && { clear }) }));
const duration = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom('ms', 's', 'm', 'h'))
  .map(([count, unit]) => `${count}${unit}`);
const window = fc.oneof(fc.integer({ min: 1, max: 1000 }), duration);
const feature = fc.constantFrom('temperature', 'humidity');
const level = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((value) => !Object.is(value, -0));
const kindOf = <Kind extends Condition['kind']>(kind: Kind) => fc.constant(kind);

const condition: fc.Arbitrary<RuleInput['condition']> = fc.oneof(
  fc.record({ kind: kindOf('anomaly_share'), window, levels: shareLevels }).map(spreadLevels),
  fc.record({ kind: kindOf('late'), window, levels: shareLevels }).map(spreadLevels),
  fc.record({ kind: kindOf('rejected'), window: duration, levels: shareLevels }).map(spreadLevels),
  fc.record({ kind: kindOf('anomalies_in_a_row'), count: fc.integer({ min: 1, max: 1000 }) }),
  fc.record({
    kind: kindOf('score_above'),
    above: fc.double({ min: 0, max: 0.999, noNaN: true }).map(Math.abs),
  }),
  fc.record({ kind: kindOf('feature'), feature, above: level, hysteresis: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: kindOf('feature'), feature, below: level, outside_limits: fc.constant<true>(true) }),
  fc.record({ kind: kindOf('rate_of_change'), feature, above: fc.integer({ min: 1 }), per: duration }),
  fc.record({ kind: kindOf('stuck'), feature, duration }),
  fc.record({ kind: kindOf('silent'), after: duration }),
  fc.record({ kind: kindOf('silent'), intervals: fc.integer({ min: 2, max: 1000 }) }),
  fc.record({ kind: kindOf('clock_skew'), above: duration }),
);

function spreadLevels<Levels extends object, Rest>({ levels, ...rest }: Rest & { levels: Levels }) {
  return { ...rest, ...levels };
}

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const label = fc.constantFrom('team', 'site_1', 'severity');
const rule = fc
  .record({
    name: text,
    type: fc.constant('climate'),
    sensors: fc.constantFrom('*', 'cold-store-?', "it's: #1"),
    condition,
    for: fc.oneof(fc.constant('0s'), duration),
    keep_firing_for: fc.oneof(fc.constant('0s'), duration),
    labels: fc.dictionary(label, text),
    annotations: fc.record({ summary: text, description: text }, { requiredKeys: [] }),
  })
  // The form leaves out the severity that is the default.
  .filter(({ labels }) => labels.severity === undefined)
  .chain((given) =>
    fc
      .constantFrom({}, { severity: 'info' }, { severity: 'critical' })
      .map((severity) => ({ ...given, labels: { ...severity, ...given.labels } })),
  )
  .map((given) => ruleSchema.safeParse(given).data)
  .filter((parsed) => parsed !== undefined);

describe('a rule', () => {
  test('is the same after a round trip through the form', () => {
    fc.assert(
      fc.property(rule, (given) => {
        expect(checkDraft(toDraft(given), 'climate')).toEqual({ rule: given, faults: {} });
      }),
      { numRuns: 500 },
    );
  });

  test('is the same after a round trip through the rules file', () => {
    fc.assert(
      fc.property(rule, (given) => {
        expect(rulesFileSchema.parse(parse(toRuleYaml(given))).rules).toEqual([given]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('toRuleYaml', () => {
  test('leaves out what is the default', () => {
    const given = ruleSchema.parse({
      name: 'Too warm',
      sensors: 'cold-store-*',
      condition: { kind: 'feature', feature: 'temperature', above: 8 },
      for: '10m',
      labels: { severity: 'critical' },
    });
    expect(toRuleYaml(given)).toBe(
      [
        'rules:',
        '  - name: Too warm',
        '    sensors: cold-store-*',
        '    condition:',
        '      kind: feature',
        '      feature: temperature',
        '      above: 8',
        '    for: 10m',
        '    labels:',
        '      severity: critical',
        '',
      ].join('\n'),
    );
  });
});

describe('checkDraft', () => {
  const faultsOf = (changes: Partial<RuleDraft>) =>
    checkDraft({ ...createDraft(), name: 'Mine', ...changes }, 'climate').faults;

  test('has no faults for a new rule with a name', () => {
    expect(faultsOf({})).toEqual({});
    expect(faultsOf({ name: ' ' })).toEqual({ name: 'Expected 1 to 64 characters.' });
  });

  test.each([
    [
      { condition: { window: '10', raise: '30', clear: '30' } },
      'condition.clear',
      'Must be below the share at which it begins.',
    ],
    [{ condition: { window: '10', raise: '', clear: '' } }, 'condition.raise', 'Required.'],
    [
      { condition: { window: '10', raise: '130', clear: '' } },
      'condition.raise',
      'Must be more than 0, and at most 100 %.',
    ],
    [
      { condition: { window: 'ten', raise: '30' } },
      'condition.window',
      'Expected 1 to 1000 readings or a duration such as "5m".',
    ],
    [
      { kind: 'silent', condition: { after: '5m', intervals: '5' } },
      'condition.after',
      'Enter either a time or a number of usual intervals.',
    ],
    [
      { kind: 'feature', condition: { feature: 'humidity', above: '1', below: '2' } },
      'condition.below',
      'Must be less than the level above.',
    ],
    [{ for: 'soon' }, 'for', 'Expected a duration such as "90s", "5m" or "1h30m".'],
    [
      { labels: 'team: a\nsensor: b' },
      'labels',
      'The label "sensor" is set by Sensor Sentinel: use another name.',
    ],
  ] as const)('says what is wrong: %j', (changes, field, fault) => {
    expect(faultsOf(changes)).toEqual({ [field]: fault });
  });
});

test('the draft of the default rule does not keep a text that names its numbers', () => {
  const stored = ruleSchema.parse({
    name: 'Anomalies',
    condition: { kind: 'anomaly_share', window: 10, raise: 0.3 },
    annotations: { summary: '3 of 10' },
  });
  const listed = { ...stored, type: 'climate', changed_at: null, counts: {}, states: [] };
  expect(toDraftOf({ ...listed, origin: 'default' }).summary).toBe('');
  expect(toDraftOf({ ...listed, origin: 'file' }).summary).toBe('3 of 10');
});

test('another kind of condition begins with its usual values, and keeps the feature', () => {
  const { features } = climateType;
  const options = { features, toLevel: () => 28.5 };
  expect(withKind(createDraft(), 'anomalies_in_a_row', options).condition).toMatchObject({ count: '5' });
  const level = withKind(createDraft(), 'feature', options);
  expect(level.condition).toMatchObject({ feature: 'temperature', above: '28.5', outside_limits: '' });
  const humid = { ...level, condition: { ...level.condition, feature: 'humidity' } };
  expect(withKind(humid, 'stuck', options).condition).toMatchObject({ feature: 'humidity', duration: '10m' });
});

test('what is previewed does not depend on the name and the texts', () => {
  const draft = createDraft();
  const other = { ...draft, name: 'Other', labels: 'no', summary: 'Text', severity: 'info' } as const;
  expect(toPreviewed(other, 'climate')).toEqual(toPreviewed(draft, 'climate'));
  expect(toPreviewed({ ...draft, for: 'soon' }, 'climate')).toBeUndefined();
});
