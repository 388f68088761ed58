import { escapeUnsafe, type FieldError } from '@sensor-sentinel/contracts';

interface ProblemKind {
  status: number;
  title: string;
  /** The default `Retry-After`. */
  retryAfterSeconds?: number;
}

/** Every error code, with its status and title. */
export const problems = {
  malformed_request: { status: 400, title: 'Malformed request' },
  validation_failed: { status: 400, title: 'Invalid fields' },
  cross_site_request: { status: 403, title: 'Cross-site request' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  id_conflict: { status: 409, title: 'Another reading has this id' },
  type_exists: { status: 409, title: 'Another sensor type has this name' },
  type_in_use: { status: 409, title: 'Sensor type has readings' },
  limit_reached: { status: 409, title: 'Limit reached' },
  model_faulty: { status: 409, title: 'Model cannot score readings' },
  activation_refused: { status: 409, title: 'Model would change too many predictions' },
  lease_lost: { status: 409, title: 'Lease expired or held by another sender' },
  rule_exists: { status: 409, title: 'Another rule has this name' },
  rule_read_only: { status: 409, title: 'Rule cannot be changed over HTTP' },
  receiver_exists: { status: 409, title: 'Another receiver has this name' },
  receiver_read_only: { status: 409, title: 'Receiver cannot be changed over HTTP' },
  replay_mismatch: { status: 409, title: 'Request does not match the replay' },
  explanation_unavailable: { status: 409, title: 'Score cannot be explained' },
  request_timeout: { status: 408, title: 'Request timed out' },
  body_too_large: { status: 413, title: 'Request body too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  expectation_failed: { status: 417, title: 'Expectation failed' },
  misdirected_request: { status: 421, title: 'Host name not allowed' },
  too_many_requests: { status: 429, title: 'Too many requests from this client', retryAfterSeconds: 1 },
  headers_too_large: { status: 431, title: 'Request headers too large' },
  internal_error: { status: 500, title: 'Internal server error' },
  database_unavailable: { status: 503, title: 'Database unavailable', retryAfterSeconds: 1 },
  model_unavailable: { status: 503, title: 'Model unavailable', retryAfterSeconds: 10 },
  question_too_slow: { status: 503, title: 'Query too slow', retryAfterSeconds: 5 },
  stopping: { status: 503, title: 'API is stopping', retryAfterSeconds: 1 },
  overloaded: { status: 503, title: 'API overloaded', retryAfterSeconds: 1 },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

interface ApiErrorOptions {
  detail: string;
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** An error that is sent to the client. `detail` says what is wrong, and how to fix it. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  /** Includes `Retry-After` if the request may be retried. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, { detail, errors = [], headers = {}, cause, ...options }: ApiErrorOptions) {
    super(escapeUnsafe(detail), { cause }); // the detail may quote the request
    this.name = 'ApiError';
    this.code = code;
    this.errors = errors;
    const kind: ProblemKind = problems[code];
    const seconds = options.retryAfterSeconds ?? kind.retryAfterSeconds;
    this.headers = { ...headers, ...(seconds !== undefined && { 'Retry-After': String(seconds) }) };
  }
}
