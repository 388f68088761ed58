import { z } from 'zod';

export const fieldErrorSchema = z.object({
  /** The field or parameter: `temperature`, `[3].humidity`, or the empty string for the whole body. */
  path: z.string(),
  message: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** The body of an error response: `application/problem+json` (RFC 9457). */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(fieldErrorSchema).default([]),
});
export type Problem = z.infer<typeof problemSchema>;
