import {
  type Feedback,
  type FeedbackAnswer,
  type FeedbackList,
  type FieldError,
  feedbackInputSchema,
  feedbackQuerySchema,
  feedbackSourceSchema,
  idSchema,
  maxFeedbackEntries,
  timeWindowQuerySchema,
} from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest, toFieldErrors, toRowsError, toValidationError } from '../../http/parse-request.ts';
import { addGet, jsonBody, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { feedbackShards } from './confusion.ts';
import { deleteFeedback, insertFeedback, listFeedback } from './feedback-rows.ts';
import { findAccuracy } from './find-accuracy.ts';

const paramsSchema = z.object({ id: idSchema });
const deletionQuerySchema = z.strictObject({ source: feedbackSourceSchema.optional() });

interface FeedbackRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  querying: WorkLimit;
  maxBodyBytes: number;
  now: () => Date;
}

/**
 * `/feedback`: feedback on readings; `GET /accuracy`: the predictions compared with it. Until 1.0, `/feedback` is also
 * available under its old name `/truth`.
 */
export function createFeedbackRoutes(options: FeedbackRoutesOptions): Router {
  const { types, pool, changing, querying, maxBodyBytes, now } = options;
  const router = Router();
  let changes = 0;
  const nextShard = () => {
    changes += 1;
    return changes % feedbackShards;
  };

  async function post({ body }: Request, response: Response): Promise<void> {
    const bodies: unknown[] = Array.isArray(body) ? body : [body];
    requireLength(bodies);
    const at = now();
    const rows = bodies.map((row) => parseFeedback(row, at));
    const stored = await insertFeedback(changing, toDistinct(rows), nextShard());
    const rejected = rows.flatMap(({ feedback, errors }, index) => {
      if (errors) return [{ index, errors }];
      return stored.has(feedback.id) ? [] : [{ index, errors: [notStored] }];
    });
    const answer: FeedbackAnswer = { accepted: rows.length - rejected.length, rejected };
    if (answer.accepted > 0) {
      response.json(answer);
      return;
    }
    if (Array.isArray(body)) throw toRowsError(rejected);
    throw toValidationError(rejected.flatMap(({ errors }) => errors));
  }

  router
    .route(['/feedback', '/truth'])
    .post(jsonBody(maxBodyBytes), post)
    .get(async ({ query }, response) => {
      response.json(toList(await listFeedback(pool, parseRequest(feedbackQuerySchema, query))));
    })
    .all(refuseMethod('GET, HEAD, POST'));
  router
    .route(['/feedback/:id', '/truth/:id'])
    .delete(async ({ params, query }, response) => {
      const { id } = parseRequest(paramsSchema, params);
      const { source } = parseRequest(deletionQuerySchema, query);
      await deleteFeedback(changing, { readingId: id, source }, nextShard());
      response.status(204).end();
    })
    .all(refuseMethod('DELETE'));
  addGet(router, '/accuracy', async ({ query }, response) => {
    const window = parseRequest(timeWindowQuerySchema, query);
    const type = await types.require(window.type);
    response.json(await querying(() => findAccuracy(pool, type, window)));
  });
  return router;
}

/** With the old names, until 1.0. */
function toList(feedback: Feedback[]): FeedbackList {
  const truths = feedback.map(({ source, ...rest }) => ({
    ...rest,
    source: source === 'person' ? ('verdict' as const) : source,
  }));
  return { feedback, truths };
}

function requireLength({ length }: readonly unknown[]): void {
  if (length === 0) throw toValidationError([{ path: '', message: 'expected at least one row of feedback' }]);
  if (length > maxFeedbackEntries)
    throw new ApiError('body_too_large', {
      detail: `Expected an array of at most ${maxFeedbackEntries} rows, not ${length}. Split the array into several requests.`,
    });
}

type ParsedRow = { feedback: Feedback; errors?: never } | { feedback?: never; errors: FieldError[] };

const notStored: FieldError = { path: 'id', message: 'no reading with this id is stored' };

function parseFeedback(body: unknown, now: Date): ParsedRow {
  const parsed = feedbackInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  return { feedback: { ...parsed.data, decided_at: now.toISOString() } };
}

/** Of several rows with the same id, the last one is used. */
function toDistinct(rows: readonly ParsedRow[]): Feedback[] {
  const valid = rows.flatMap(({ feedback }) => feedback ?? []);
  return [...new Map(valid.map((feedback) => [feedback.id, feedback])).values()];
}
