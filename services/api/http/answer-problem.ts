import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Problem } from '@sensor-sentinel/contracts';
import { StorageError } from '../storage/database-errors.ts';
import { ApiError, problems } from './errors.ts';
import { type LogProblem, toPath } from './problem-log.ts';

/** Answers a request with an error, and logs the error unless the client caused it. */
export type AnswerProblem = (error: unknown, request: IncomingMessage, response: ServerResponse) => void;

const inferencePath = /^\/v2(\/|$)/i;

/** Maps storage errors by their code; any other unknown error becomes a bare 500 with that error as its cause. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StorageError)
    return new ApiError(error.code, { detail: error.message, cause: error.cause ?? error });
  return new ApiError('internal_error', { detail: 'The error was logged. Try again later.', cause: error });
}

/** The body of an error response (RFC 9457). */
export function toProblem({ code, message, errors }: ApiError): Problem {
  const { status, title } = problems[code];
  return { type: `urn:sensor-sentinel:problem:${code}`, title, status, detail: message, errors: [...errors] };
}

/** Answers with problem+json, or below `/v2` with the Open Inference Protocol's error. Ends a response that has begun. */
export function createAnswerProblem(logProblem: LogProblem): AnswerProblem {
  return (error, request, response) => {
    const apiError = toApiError(error);
    logProblem(apiError, request);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const isInference = inferencePath.test(toPath(request));
    const { status, headers, text } = isInference ? toInferenceAnswer(apiError) : toProblemAnswer(apiError);
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
}

/** Formats an error as a raw HTTP response, for a connection whose request could not be parsed. */
export function formatProblem(error: ApiError): string {
  const { status, headers, text } = toProblemAnswer(error);
  const head = { ...headers, 'Content-Length': String(Buffer.byteLength(text)), Connection: 'close' };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The error format of the Open Inference Protocol. */
function toInferenceAnswer(error: ApiError): Answer {
  const text = JSON.stringify({ error: error.message });
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...error.headers };
  return { status: problems[error.code].status, headers, text };
}

/** `application/problem+json` (RFC 9457). */
function toProblemAnswer(error: ApiError): Answer {
  const text = JSON.stringify(toProblem(error));
  const headers = { 'Content-Type': 'application/problem+json; charset=utf-8', ...error.headers };
  return { status: problems[error.code].status, headers, text };
}
