import type { FieldError } from '@sensor-sentinel/contracts';

/** Every error that the API answers, with its status and title. */
export const problems = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  validation_failed: { status: 400, title: 'The request has invalid fields' },
  cross_site_request: { status: 403, title: 'Requests from another web site may not change anything' },
  not_found: { status: 404, title: 'There is no such resource' },
  method_not_allowed: { status: 405, title: 'This resource does not take that method' },
  id_conflict: { status: 409, title: 'This id belongs to another reading' },
  model_faulty: { status: 409, title: 'This model cannot serve' },
  activation_refused: { status: 409, title: 'This model would change too many labels' },
  lease_lost: { status: 409, title: 'This lease belongs to nobody, or to another sender' },
  replay_mismatch: { status: 409, title: 'The replay of this name is another one' },
  explanation_unavailable: { status: 409, title: 'This score cannot be explained' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  body_too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'The request body has an unsupported type' },
  expectation_failed: { status: 417, title: 'The Expect header cannot be met' },
  misdirected_request: { status: 421, title: 'This host name is not served' },
  too_many_requests: { status: 429, title: 'This client has too many requests under way' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal_error: { status: 500, title: 'The server failed' },
  database_unavailable: { status: 503, title: 'The database is away' },
  model_unavailable: { status: 503, title: 'The model that should serve is not loaded' },
  question_too_slow: { status: 503, title: 'This question takes too long' },
  stopping: { status: 503, title: 'The server is being stopped' },
  overloaded: { status: 503, title: 'The server is overloaded' },
} as const;

export type ProblemCode = keyof typeof problems;

interface ApiErrorOptions {
  detail: string;
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, { detail, errors = [], headers = {}, cause }: ApiErrorOptions) {
    super(detail, { cause });
    this.name = 'ApiError';
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}
