import { z } from 'zod';
import { type Incident, personSchema, remarkSchema } from './incidents.ts';
import { idSchema, timestampSchema, utcTimestampSchema } from './scalars.ts';

export const maxSilences = 500;

/**
 * A regular expression whose longest search is short: no groups, and at most two of `*`, `+` and `{` between two `|`.
 * Anything else could take minutes for a hostile label.
 */
function isBoundedRegex(text: string): boolean {
  const isShort = text.split('|').every((part) => (part.match(/[*+{]/g) ?? []).length <= 2);
  if (!isShort || /[()]/.test(text)) return false;
  try {
    new RegExp(text, 'su');
    return true;
  } catch {
    return false;
  }
}

/** As in Alertmanager: the label `name` equals the value, or matches it as a whole; or does not, if `isEqual` is false. */
export const matcherSchema = z
  .strictObject({
    name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'expected the name of a label'),
    value: z.string().max(256),
    isRegex: z.boolean().default(false),
    isEqual: z.boolean().default(true),
  })
  .refine(({ isRegex, value }) => !isRegex || isBoundedRegex(value), {
    path: ['value'],
    error: 'expected a regular expression without groups, and at most two of * + { in each alternative',
  });
export type Matcher = z.infer<typeof matcherSchema>;

/** The body of `POST /silences`. */
export const silenceInputSchema = z
  .strictObject({
    matchers: z.array(matcherSchema).min(1).max(20),
    /** Default: now. */
    starts_at: timestampSchema.optional(),
    ends_at: timestampSchema,
    created_by: personSchema,
    comment: remarkSchema,
  })
  .refine(({ starts_at, ends_at }) => starts_at === undefined || starts_at < ends_at, {
    path: ['starts_at'],
    error: 'expected a time before `ends_at`',
  });
export type SilenceInput = z.infer<typeof silenceInputSchema>;

export const silenceSchema = z.object({
  id: idSchema,
  matchers: z.array(matcherSchema),
  starts_at: utcTimestampSchema,
  ends_at: utcTimestampSchema,
  created_by: z.string(),
  comment: z.string(),
  state: z.enum(['pending', 'active', 'expired']),
});
export type Silence = z.infer<typeof silenceSchema>;

/** The response of `GET /silences`: those that last first, then by the end, newest first. */
export const silencesSchema = z.object({ silences: z.array(silenceSchema) });
export type Silences = z.infer<typeof silencesSchema>;

/** The labels of an incident, as Alertmanagers get them and as silences match them. */
export function toAlertLabels(
  incident: Pick<Incident, 'labels' | 'rule' | 'sensor_id' | 'type' | 'severity'>,
): Record<string, string> {
  const { labels, rule, sensor_id, type, severity } = incident;
  return { ...labels, alertname: rule, sensor: sensor_id, sensor_type: type, severity };
}

/** Whether one of the silences is active and matches `toAlertLabels` of an incident. A label that is missing is empty. */
export function isSilenced(
  labels: Readonly<Record<string, string>>,
  silences: readonly Pick<Silence, 'matchers' | 'state'>[],
): boolean {
  return silences.some(
    ({ matchers, state }) => state === 'active' && matchers.every((matcher) => matches(matcher, labels)),
  );
}

function matches(
  { name, value, isRegex, isEqual }: Matcher,
  labels: Readonly<Record<string, string>>,
): boolean {
  const actual = Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
  const isSame = isRegex ? new RegExp(`^(?:${value})$`, 'su').test(actual) : actual === value;
  return isSame === isEqual;
}
