import type { ErrorRequestHandler } from 'express';
import type { AnswerProblem } from './answer-problem.ts';
import { ApiError } from './errors.ts';

/** Passes every error of a route on to where all errors are answered. */
export function createErrorHandler(answerProblem: AnswerProblem): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    answerProblem(fromExpress(error), request, response);
  };
}

/** What Express itself says of a path that it cannot decode, in our words; anything else as it is. */
function fromExpress(error: unknown): unknown {
  if (!(error instanceof URIError)) return error;
  return new ApiError('malformed_request', { detail: 'the path is not valid' });
}
