import { z } from 'zod';
import { expected } from './scalars.ts';

const units = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const pattern = new RegExp(`^(?=\\d)${units.map(([unit]) => `(?:(\\d{1,12})${unit})?`).join('')}$`);

/** The longest duration: ten years. */
const maxMs = 10 * 365 * 86_400_000;

/** A duration as in Prometheus, such as `90s`, `1h30m` or `2d`. Units are in descending order. */
export const durationSchema = z
  .string({ error: expected('a duration such as "90s", "5m" or "1h30m"') })
  .regex(pattern, { error: 'expected a duration such as "90s", "5m" or "1h30m"', abort: true })
  .refine((text) => toDurationMs(text) <= maxMs, 'expected at most 10y');

/** A duration of more than 0 ms. */
export const positiveDurationSchema = durationSchema.refine(
  (text) => toDurationMs(text) > 0,
  'expected a duration of more than 0',
);

/** The length in ms of a valid duration. */
export function toDurationMs(text: string): number {
  const counts = pattern.exec(text)?.slice(1) ?? [];
  return units.reduce((sum, [, unitMs], place) => sum + Number(counts[place] ?? 0) * unitMs, 0);
}
