import type { FieldError } from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import { ApiError } from './errors.ts';

/** `['readings', 3, 'humidity']` → `readings[3].humidity`. */
function toPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, '');
}

export function toFieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: toPath(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ path: toPath([...issue.path, key]), message: 'unknown field' }));
  });
}

export function toValidationError(errors: readonly FieldError[]): ApiError {
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new ApiError('validation_failed', { detail, errors });
}

/** Parses what a client sent; a fault is the client's, and names each field. */
export function parseRequest<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw toValidationError(toFieldErrors(result.error));
}
