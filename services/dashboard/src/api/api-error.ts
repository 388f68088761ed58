import { type Problem, problemSchema } from '@sensor-sentinel/contracts';
import { isAxiosError } from 'axios';

interface ApiErrorOptions {
  isAnswer: boolean;
  isDatabaseDown?: boolean;
  cause: unknown;
}

/** `isAnswer` is false when the API itself did not respond: no network, a timeout, or an error page of a proxy. */
export class ApiError extends Error {
  readonly isAnswer: boolean;
  readonly isDatabaseDown: boolean;

  constructor(message: string, { isAnswer, isDatabaseDown = false, cause }: ApiErrorOptions) {
    super(message, { cause });
    this.name = 'ApiError';
    this.isAnswer = isAnswer;
    this.isDatabaseDown = isDatabaseDown;
  }
}

const databaseDown = 'urn:sensor-sentinel:problem:database_unavailable';

function toProblemText({ detail, title, errors }: Problem): string {
  const fields = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [detail || title, ...fields].join(' · ');
}

export function toApiError(cause: unknown): ApiError {
  if (!isAxiosError(cause)) {
    return new ApiError(cause instanceof Error ? cause.message : 'Unknown error.', {
      isAnswer: false,
      cause,
    });
  }
  if (cause.response === undefined) {
    const message =
      cause.code === 'ECONNABORTED' ? 'The request to the API timed out.' : 'The API cannot be reached.';
    return new ApiError(message, { isAnswer: false, cause });
  }
  const problem = problemSchema.safeParse(cause.response.data).data;
  if (problem !== undefined)
    return new ApiError(toProblemText(problem), {
      isAnswer: true,
      isDatabaseDown: problem.type === databaseDown,
      cause,
    });
  return new ApiError(`The API cannot be reached (${cause.response.status} from the proxy).`, {
    isAnswer: false,
    cause,
  });
}
