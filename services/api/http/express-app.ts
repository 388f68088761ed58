import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import type { AnswerProblem } from './answer-problem.ts';
import { compressJson } from './compress-json.ts';
import { ApiError } from './errors.ts';

interface AppOptions {
  routers: readonly Router[];
  answerProblem: AnswerProblem;
}

/** The Express app with the routes of all features, a 404 for other paths, and one error handler. */
export function createApp({ routers, answerProblem }: AppOptions): Express {
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(compressJson);
  for (const router of routers) app.use(router);
  app.use(({ path }) => {
    throw new ApiError('not_found', {
      detail: `There is no route for ${path}. See docs/http.md for all routes.`,
    });
  });
  app.use(createErrorHandler(answerProblem));
  return app;
}

function createErrorHandler(answerProblem: AnswerProblem): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express recognizes an error handler by its four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    answerProblem(translateExpressError(error), request, response);
  };
}

/** Express throws a URIError for a path parameter that it cannot decode. */
function translateExpressError(error: unknown): unknown {
  if (!(error instanceof URIError)) return error;
  return new ApiError('malformed_request', { detail: 'The path is not valid percent-encoded UTF-8.' });
}
