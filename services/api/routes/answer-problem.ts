import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Problem } from '@sensor-sentinel/contracts';
import type { Logger } from 'pino';
import { ApiError, problems } from '../errors.ts';

/** Answers a fault in words that are the client's to read, and logs it where it is not the client's own. */
export type AnswerProblem = (error: unknown, request: IncomingMessage, response: ServerResponse) => void;

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('internal_error', { detail: 'The fault is logged. Try again later.', cause: error });
}

export function toProblem({ code, message, errors }: ApiError): Problem {
  const { status, title } = problems[code];
  return { type: `urn:sensor-sentinel:problem:${code}`, title, status, detail: message, errors: [...errors] };
}

function toPath(request: IncomingMessage): string | undefined {
  const url = 'originalUrl' in request ? String(request.originalUrl) : request.url; // Express shortens `url`
  return url?.split('?')[0];
}

export function logProblem(log: Logger, apiError: ApiError, request: IncomingMessage): void {
  const { status } = problems[apiError.code];
  if (status < 500) return;
  const { code, cause = apiError } = apiError;
  const fault = { err: cause, code, method: request.method, path: toPath(request) };
  log[status === 500 ? 'error' : 'warn'](fault, STATUS_CODES[status]);
}

/** `application/problem+json` (RFC 9457). */
export function createAnswerProblem(log: Logger): AnswerProblem {
  return (error, request, response) => {
    const apiError = toApiError(error);
    logProblem(log, apiError, request);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const text = JSON.stringify(toProblem(apiError));
    response.writeHead(problems[apiError.code].status, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      ...apiError.headers,
    });
    response.end(text);
  };
}
