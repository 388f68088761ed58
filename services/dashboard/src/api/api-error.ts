import { type Problem, problemSchema } from '@sensor-sentinel/contracts';
import { isAxiosError } from 'axios';

interface ApiErrorOptions {
  isAnswer: boolean;
  isDatabaseDown?: boolean;
  isOverloaded?: boolean;
  cause: unknown;
}

/** `isAnswer` is false when the API itself did not respond: no network, a timeout, or an error page of a proxy. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly isAnswer: boolean;
  readonly isDatabaseDown: boolean;
  /** Too much of the same work waits: worth another try. */
  readonly isOverloaded: boolean;

  constructor(
    message: string,
    { isAnswer, isDatabaseDown = false, isOverloaded = false, cause }: ApiErrorOptions,
  ) {
    super(message, { cause });
    this.isAnswer = isAnswer;
    this.isDatabaseDown = isDatabaseDown;
    this.isOverloaded = isOverloaded;
  }
}

const problemPrefix = 'urn:sensor-sentinel:problem:';

export function toApiError(cause: unknown): ApiError {
  const response = isAxiosError(cause) ? cause.response : undefined;
  const problem = problemSchema.safeParse(response?.data).data;
  if (problem === undefined) return new ApiError(toContactText(cause), { isAnswer: false, cause });
  return toProblemError(problem, cause);
}

export function toProblemError(problem: Problem, cause: unknown): ApiError {
  return new ApiError(toProblemText(problem), {
    isAnswer: true,
    isDatabaseDown: problem.type === `${problemPrefix}database_unavailable`,
    isOverloaded: problem.type === `${problemPrefix}overloaded`,
    cause,
  });
}

function toProblemText({ detail, title, errors }: Problem): string {
  const fields = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [detail || title, ...fields].join(' · ');
}

/** Why the API did not answer. */
function toContactText(cause: unknown): string {
  if (!isAxiosError(cause)) return cause instanceof Error ? cause.message : 'Unknown error.';
  if (cause.response) return `The API cannot be reached (${cause.response.status} from the proxy).`;
  return cause.code === 'ECONNABORTED' ? 'The request to the API timed out.' : 'The API cannot be reached.';
}
