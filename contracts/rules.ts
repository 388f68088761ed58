import { z } from 'zod';
import { durationSchema, positiveDurationSchema } from './durations.ts';
import { createTitleSchema, nameSchema } from './names.ts';
import { expected } from './scalars.ts';
import { featureNameSchema, typeNameSchema } from './sensor-types.ts';

export const maxRules = 200;
export const maxTemplateLength = 2000;
/** Largest number of readings in the window of a rule. */
export const maxWindowReadings = 1000;

/** A window of the newest readings of a sensor: a number of readings, such as 10, or a duration, such as `5m`. */
const windowSchema = z.union([z.int().min(1).max(maxWindowReadings), positiveDurationSchema], {
  error: expected(`1 to ${maxWindowReadings} readings or a duration such as "5m"`),
});
const shareSchema = z.number().gt(0).max(1);
const levelSchema = z.number();

/** Between `clear` and `raise`, the state stays as it is. */
const shareLevelsShape = {
  window: windowSchema.describe('The newest readings that count: a number of them, or a duration.'),
  raise: shareSchema.describe('The alert starts at this share.'),
  clear: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('The alert ends at or below this share. Default: at every share below `raise`.'),
};
const isBelowRaise = ({ raise, clear }: { raise: number; clear?: number | undefined }) =>
  clear === undefined || clear < raise;
const mustBeBelowRaise = { path: ['clear'], error: 'expected a share below `raise`' };

/** The share of anomalies among the readings of the window. A window of n readings counts as n from the first one on. */
const anomalyShareSchema = z
  .strictObject({ kind: z.literal('anomaly_share'), ...shareLevelsShape })
  .refine(isBelowRaise, mustBeBelowRaise);

/** This number of anomalies, one directly after the other. The first normal reading clears. */
const anomaliesInARowSchema = z.strictObject({
  kind: z.literal('anomalies_in_a_row'),
  count: z.int().min(1).max(maxWindowReadings),
});

/** The score is above a level. */
const scoreAboveSchema = z
  .strictObject({
    kind: z.literal('score_above'),
    above: z.number().min(0).lt(1),
    clear: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('The alert ends at or below this score. Default: `above`.'),
  })
  .refine(({ above, clear }) => clear === undefined || clear <= above, {
    path: ['clear'],
    error: 'expected a score of at most `above`',
  });

/** A feature is above or below a level, or outside the limits of the sensor type. */
const featureSchema = z
  .strictObject({
    kind: z.literal('feature'),
    feature: featureNameSchema,
    above: levelSchema.optional(),
    below: levelSchema.optional(),
    outside_limits: z.literal(true).optional(),
    hysteresis: z
      .number()
      .min(0)
      .default(0)
      .describe('How far inside the levels the alert ends, in the unit of the feature.'),
  })
  .refine((one) => one.above !== undefined || one.below !== undefined || one.outside_limits === true, {
    path: ['above'],
    error: 'expected `above`, `below` or `outside_limits: true`',
  })
  .refine(({ above, below }) => above === undefined || below === undefined || below < above, {
    path: ['below'],
    error: 'expected a value below `above`: a rule raises above `above` and below `below`',
  });

/** The change of a feature since the previous reading, per time, is above a level, whether it rises or falls. */
const rateOfChangeSchema = z.strictObject({
  kind: z.literal('rate_of_change'),
  feature: featureNameSchema,
  above: z.number().gt(0),
  per: positiveDurationSchema,
});

/** A feature has had the same value for this long. Any other value clears. */
const stuckSchema = z.strictObject({
  kind: z.literal('stuck'),
  feature: featureNameSchema,
  duration: positiveDurationSchema,
});

/** No reading has arrived for a duration, or for a multiple of the usual interval of the sensor. */
const silentSchema = z
  .strictObject({
    kind: z.literal('silent'),
    after: positiveDurationSchema.optional(),
    intervals: z.number().min(2).max(1000).optional(),
  })
  .refine(({ after, intervals }) => (after === undefined) !== (intervals === undefined), {
    path: ['after'],
    error: 'expected either `after` or `intervals`',
  });

/** The share of readings with a timestamp before that of an earlier arrival. */
const lateSchema = z
  .strictObject({ kind: z.literal('late'), ...shareLevelsShape })
  .refine(isBelowRaise, mustBeBelowRaise);

/** The share of readings that were refused as invalid. These are not stored, so that a preview cannot compute it. */
const rejectedSchema = z
  .strictObject({ kind: z.literal('rejected'), ...shareLevelsShape, window: positiveDurationSchema })
  .refine(isBelowRaise, mustBeBelowRaise);

/** The timestamp of a reading differs from its arrival by more than this, in either direction. */
const clockSkewSchema = z.strictObject({ kind: z.literal('clock_skew'), above: positiveDurationSchema });

export const conditionSchema = z.discriminatedUnion('kind', [
  anomalyShareSchema,
  anomaliesInARowSchema,
  scoreAboveSchema,
  featureSchema,
  rateOfChangeSchema,
  stuckSchema,
  silentSchema,
  lateSchema,
  rejectedSchema,
  clockSkewSchema,
]);
export type Condition = z.infer<typeof conditionSchema>;
export type ConditionKind = Condition['kind'];

export const severitySchema = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** The severity of a rule: that of its labels, or `warning`. */
export function toRuleSeverity({ labels }: { labels: Readonly<Record<string, string>> }): Severity {
  return severitySchema.catch('warning').parse(labels.severity);
}

/** As in Prometheus: letters, digits and underscores. */
const labelNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected letters, digits and underscores, not beginning with a digit')
  .refine((name) => !reservedLabels.has(name), {
    error: ({ input }) => `the label ${JSON.stringify(input)} is set by Sensor Sentinel: use another name`,
  });
const reservedLabels: ReadonlySet<string> = new Set(['alertname', 'sensor', 'sensor_type', '__proto__']);
const labelValueSchema = createTitleSchema({ min: 0, max: 256 });

/** A text in which `{{ field }}` stands for a field of the incident. */
const templateSchema = z.string().max(maxTemplateLength);

/** A glob over sensor ids or the names of rules: `*` is any text, `?` is one character. */
export const globSchema = z.string().min(1).max(128);

/**
 * Whether a name as a whole matches a glob: `*` is any text, `?` one character, and every other character is itself. Takes at most
 * the product of both lengths, which a regular expression with several `*` does not.
 */
export function matchesGlob(glob: string, name: string): boolean {
  const [pattern, text] = [[...glob], [...name]];
  let [place, at] = [0, 0];
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place++;
      resumeAt = at;
    } else if (pattern[place] === '?' || (place < pattern.length && pattern[place] === text[at])) {
      place++;
      at++;
    } else {
      if (star < 0) return false;
      // The last star takes one more character.
      place = star + 1;
      at = ++resumeAt;
    }
  }
  return pattern.slice(place).every((one) => one === '*');
}

/** A rule, with the field names of Prometheus where it has them. */
export const ruleSchema = z.strictObject({
  name: nameSchema,
  type: typeNameSchema.optional().describe('The sensor type. Default: DEFAULT_TYPE.'),
  sensors: globSchema.default('*').describe('The sensors, as a glob: `*` is any text, `?` is one character.'),
  condition: conditionSchema,
  for: durationSchema.default('0s').describe('How long the condition must hold before the alert fires.'),
  keep_firing_for: durationSchema
    .default('0s')
    .describe('How long the alert keeps firing after the condition has cleared.'),
  labels: z
    .record(labelNameSchema, labelValueSchema)
    .default({})
    .refine(({ severity }) => severity === undefined || severitySchema.safeParse(severity).success, {
      path: ['severity'],
      error: 'expected "info", "warning" or "critical"',
    })
    .describe('Labels of the alert. `severity` is info, warning (the default) or critical.'),
  annotations: z
    .strictObject({ summary: templateSchema.optional(), description: templateSchema.optional() })
    .default({})
    .describe('Texts of the alert, in which `{{ field }}` stands for a field of the incident.'),
});
export type Rule = z.infer<typeof ruleSchema>;
export type RuleInput = z.input<typeof ruleSchema>;

/** The rule that is used where neither a file nor a person has made any. */
export const defaultRule: RuleInput = {
  name: 'Anomalies',
  condition: { kind: 'anomaly_share', window: 10, raise: 0.3, clear: 0.1 },
  labels: { severity: 'warning' },
  annotations: {
    summary: '{{ sensor }}: 3 of 10 readings were anomalies; highest score {{ peak_score }}',
  },
};

/** Pending: the condition holds, but not yet for long enough. Recovering: it has cleared, but the alert still fires. */
export const ruleStateSchema = z.enum(['normal', 'pending', 'firing', 'recovering', 'no_data', 'error']);
export type RuleState = z.infer<typeof ruleStateSchema>;
