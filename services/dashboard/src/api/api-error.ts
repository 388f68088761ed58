import { problemSchema } from '@sensor-sentinel/contracts';
import { isAxiosError } from 'axios';

/** `isAnswer` is false when the API itself did not respond: no network, a timeout, or an error page of a proxy. */
export class ApiError extends Error {
  readonly isAnswer: boolean;

  constructor(message: string, options: { isAnswer: boolean; cause: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
    this.isAnswer = options.isAnswer;
  }
}

function toProblemText(body: unknown): string | null {
  const parsed = problemSchema.safeParse(body);
  if (!parsed.success) return null;
  const fields = parsed.data.errors.map(({ path, message }) =>
    path === '' ? message : `${path}: ${message}`,
  );
  return [parsed.data.detail || parsed.data.title, ...fields].join(' · ');
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
  const problem = toProblemText(cause.response.data);
  if (problem !== null) return new ApiError(problem, { isAnswer: true, cause });
  return new ApiError(`The API cannot be reached (${cause.response.status} from the proxy).`, {
    isAnswer: false,
    cause,
  });
}
