import { z } from 'zod';

export function wholeSchema(min: number, max: number) {
  const isWithin = (text: string) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max;
  return z.string().refine(isWithin, `expected a whole number from ${min} to ${max}`).transform(Number);
}

export const rateSchema = z
  .string()
  .refine(
    (text) => text === '0' || (/^\d+(\.\d+)?$/.test(text) && Number(text) >= 0.001 && Number(text) <= 1e6),
    'expected 0, or a number from 0.001 to 1000000',
  )
  .transform(Number);

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** In milliseconds. The bounds are durations as text, too. */
export function durationSchema(min: string, max: string) {
  const isWithin = (text: string) => toMs(text) >= toMs(min) && toMs(text) <= toMs(max);
  return z
    .string()
    .refine(isWithin, `expected a duration from ${min} to ${max}, as in 500ms, 90s, 15m, 1h`)
    .transform(toMs);
}

function toMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return Math.round(Number(amount) * (unitsMs.get(unit) ?? Number.NaN));
}

/** Reads `1%` and `0.01` as 0.01. */
export function shareSchema(min: number, max: number) {
  const isWithin = (text: string) => toShare(text) >= min && toShare(text) <= max;
  const range = `from ${min * 100}% to ${max * 100}%`;
  return z.string().refine(isWithin, `expected a share ${range}, as in 20% or 0.2`).transform(toShare);
}

function toShare(text: string): number {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  return Number(amount ?? Number.NaN) / (percent ? 100 : 1);
}

export const urlSchema = z
  .url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' })
  .transform((url) => url.replace(/\/+$/, ''));

export function choiceSchema<const T extends readonly string[]>(...values: T) {
  return z.enum(values, { error: `expected ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` });
}

/** Accepts the empty text, too. */
export function optionalSchema(schema: z.ZodType<string>) {
  return z.string().superRefine((text, context) => {
    const { error } = text === '' ? {} : schema.safeParse(text);
    if (error) context.addIssue(error.issues[0]?.message ?? 'expected something else');
  });
}
