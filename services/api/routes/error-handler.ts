import type { ErrorRequestHandler } from 'express';
import { ApiError, type ProblemCode } from '../errors.ts';
import type { AnswerProblem } from './answer-problem.ts';

const bodyErrors: ReadonlyMap<string, ProblemCode> = new Map([
  ['entity.parse.failed', 'malformed_request'],
  ['entity.too.large', 'body_too_large'],
  ['encoding.unsupported', 'unsupported_media_type'],
  ['charset.unsupported', 'unsupported_media_type'],
  ['request.aborted', 'malformed_request'],
  ['request.size.invalid', 'malformed_request'],
  ['stream.encoding.set', 'internal_error'],
]);

/** What Express and its body parser say, in our words; anything else as it is. */
function fromExpress(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  if (error instanceof URIError)
    return new ApiError('malformed_request', { detail: 'the path is not valid' });
  if (!(error instanceof Error) || !('status' in error)) return error;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  const isOfClient = typeof error.status === 'number' && error.status < 500;
  const code = bodyErrors.get(type) ?? (isOfClient ? 'malformed_request' : undefined);
  if (code === undefined) return error;
  const detail =
    code === 'malformed_request' ? `the body is not valid JSON: ${error.message}` : error.message;
  return new ApiError(code, { detail, cause: error });
}

/** Passes every error of a route on to where all errors are answered. */
export function createErrorHandler(answerProblem: AnswerProblem): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    answerProblem(fromExpress(error), request, response);
  };
}
