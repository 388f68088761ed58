import { z } from 'zod';

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
export const dayMs = 24 * 3_600_000;

interface Range {
  min: number;
  max: number;
}

export function numberSchema({ min, max }: Range) {
  const isWithin = (text: string) => /^\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max;
  return z.string().refine(isWithin, `expected a number from ${min} to ${max}`).transform(Number);
}

export function wholeSchema({ min, max }: Range) {
  const isWithin = (text: string) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max;
  return z.string().refine(isWithin, `expected a whole number from ${min} to ${max}`).transform(Number);
}

export function durationSchema({ min, max, range }: Range & { range: string }) {
  const isWithin = (text: string) => toMs(text) >= min && toMs(text) <= max;
  return z
    .string()
    .refine(isWithin, `expected a duration from ${range}, as in 500ms, 90s, 15m, 1h`)
    .transform(toMs);
}

function toMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return Math.round(Number(amount) * (unitsMs.get(unit) ?? Number.NaN));
}

/** Reads `1%` and `0.01` as 0.01. */
export function shareSchema({ min, max }: Range) {
  const isWithin = (text: string) => toShare(text) >= min && toShare(text) <= max;
  const range = `from ${min * 100}% to ${max * 100}%`;
  return z.string().refine(isWithin, `expected a share ${range}, as in 20% or 0.2`).transform(toShare);
}

function toShare(text: string): number {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  return Number(amount ?? Number.NaN) / (percent ? 100 : 1);
}
