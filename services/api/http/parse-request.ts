import { escapeUnsafe, type FieldError } from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import { ApiError } from './errors.ts';

/** The most field errors in one response. A body of a megabyte may have a hundred thousand. */
export const maxFieldErrors = 20;
const maxPathLength = 100;
const maxMessageLength = 300;

/** At most `maxFieldErrors` errors; where some are left out, the last entry gives their number. */
function limitErrors(errors: readonly FieldError[]): FieldError[] {
  if (errors.length <= maxFieldErrors) return [...errors];
  const shown = errors.slice(0, maxFieldErrors - 1);
  return [...shown, { path: '', message: `and ${errors.length - shown.length} more errors` }];
}

/** Lists the issues of a zod error as field errors, at most `maxFieldErrors`, with long names and messages cut. */
export function toFieldErrors(error: z.ZodError): FieldError[] {
  const errors = error.issues.flatMap((issue) => {
    const message = clip(issue.message, maxMessageLength);
    if (issue.code !== 'unrecognized_keys') return [{ path: toPath(issue.path), message }];
    return issue.keys.map((key) => ({ path: toPath([...issue.path, key]), message }));
  });
  return limitErrors(errors);
}

/** An ApiError `validation_failed` that names each field. */
export function toValidationError(errors: readonly FieldError[]): ApiError {
  const limited = limitErrors(errors);
  const detail = limited.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new ApiError('validation_failed', { detail, errors: limited });
}

interface RejectedRow {
  index: number;
  errors: readonly FieldError[];
}

/** An ApiError `validation_failed` with the errors of all rows of an array. */
export function toRowsError(rejected: readonly RejectedRow[]): ApiError {
  return toValidationError(
    rejected.flatMap(({ index, errors }) =>
      errors.map(({ path, message }) => ({ path: path ? `[${index}].${path}` : `[${index}]`, message })),
    ),
  );
}

/** Parses client input. @throws ApiError `validation_failed` with one entry per invalid field */
export function parseRequest<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw toValidationError(toFieldErrors(result.error));
}

/** `['readings', 3, 'humidity']` → `readings[3].humidity`. */
function toPath(keys: readonly PropertyKey[]): string {
  const path = keys.reduce<string>((start, key) => {
    if (typeof key === 'number') return `${start}[${key}]`;
    return start === '' ? String(key) : `${start}.${String(key)}`;
  }, '');
  return escapeUnsafe(clip(path, maxPathLength)); // keys come from the request
}

function clip(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
