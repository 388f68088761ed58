import express, { type Express, type Router } from 'express';
import type { AnswerProblem } from './answer-problem.ts';
import { createErrorHandler } from './error-handler.ts';
import { ApiError } from './errors.ts';

interface AppOptions {
  routers: readonly Router[];
  answerProblem: AnswerProblem;
}

/** The routes of all features. */
export function createApp({ routers, answerProblem }: AppOptions): Express {
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');
  for (const router of routers) app.use(router);
  app.use(({ path }) => {
    throw new ApiError('not_found', { detail: `there is nothing at ${path}` });
  });
  app.use(createErrorHandler(answerProblem));
  return app;
}
