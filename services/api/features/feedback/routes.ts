import {
  type FieldError,
  idSchema,
  maxTruths,
  type Truth,
  type TruthAnswer,
  timeWindowQuerySchema,
  truthInputSchema,
  truthQuerySchema,
  truthSchema,
} from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { jsonBody } from '../../http/json-body.ts';
import { parseRequest, toFieldErrors, toValidationError } from '../../http/parse-request.ts';
import { addGet, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { deleteTruth } from './delete-truth.ts';
import { findAccuracy } from './find-accuracy.ts';
import { findTruths } from './find-truths.ts';
import { insertTruths } from './insert-truths.ts';
import { truthShards } from './truth-hours.ts';

const paramsSchema = z.object({ id: idSchema });
const deletionQuerySchema = z.strictObject({ source: truthSchema.shape.source.optional() });

interface FeedbackOptions {
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  querying: WorkLimit;
  maxBodyBytes: number;
  now: () => Date;
}

/** `/truth`: what readings really were; `GET /accuracy`: how good the predictions were. */
export function createFeedbackRoutes(options: FeedbackOptions): Router {
  const { pool, changing, querying, maxBodyBytes, now } = options;
  const router = Router();
  let changes = 0;
  const nextShard = () => {
    changes += 1;
    return changes % truthShards;
  };

  async function post({ body }: Request, response: Response): Promise<void> {
    const bodies: unknown[] = Array.isArray(body) ? body : [body];
    requireLength(bodies);
    const at = now();
    const rows = bodies.map((row) => checkTruth(row, at));
    const stored = await insertTruths(changing, toDistinct(rows), nextShard());
    const rejected = rows.flatMap(({ truth, errors }, index) => {
      if (errors) return [{ index, errors }];
      return stored.has(truth.id) ? [] : [{ index, errors: [notStored] }];
    });
    const answer: TruthAnswer = { accepted: rows.length - rejected.length, rejected };
    if (answer.accepted === 0) throw toTruthError(answer, Array.isArray(body));
    response.json(answer);
  }

  router
    .route('/truth')
    .post(jsonBody(maxBodyBytes), post)
    .get(async ({ query }, response) => {
      response.json({ truths: await findTruths(pool, parseRequest(truthQuerySchema, query)) });
    })
    .all(refuseMethod('GET, HEAD, POST'));
  router
    .route('/truth/:id')
    .delete(async ({ params, query }, response) => {
      const { id } = parseRequest(paramsSchema, params);
      const { source } = parseRequest(deletionQuerySchema, query);
      await deleteTruth(changing, { readingId: id, source }, nextShard());
      response.status(204).end();
    })
    .all(refuseMethod('DELETE'));
  addGet(router, '/accuracy', async ({ query }, response) => {
    const window = parseRequest(timeWindowQuerySchema, query);
    response.json(await querying(() => findAccuracy(pool, window)));
  });
  return router;
}

type Checked = { truth: Truth; errors?: never } | { truth?: never; errors: FieldError[] };

const notStored: FieldError = { path: 'id', message: 'no reading with this id is stored' };

function checkTruth(body: unknown, now: Date): Checked {
  const parsed = truthInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  return { truth: { ...parsed.data, decided_at: now.toISOString() } };
}

/** Of several with the same id the last counts. */
function toDistinct(rows: readonly Checked[]): Truth[] {
  const truths = rows.flatMap(({ truth }) => (truth ? [truth] : []));
  return [...new Map(truths.map((truth) => [truth.id, truth])).values()];
}

function requireLength({ length }: readonly unknown[]): void {
  if (length === 0) throw toValidationError([{ path: '', message: 'expected at least one truth' }]);
  if (length > maxTruths)
    throw new ApiError('body_too_large', {
      detail: `expected an array of at most ${maxTruths} truths, not ${length}`,
    });
}

/** Where no row is accepted, every fault of every row; those of a lone truth without an index. */
function toTruthError({ rejected }: TruthAnswer, isArray: boolean): ApiError {
  const toPath = (index: number, path: string) => {
    if (!isArray) return path;
    return path === '' ? `[${index}]` : `[${index}].${path}`;
  };
  return toValidationError(
    rejected.flatMap(({ index, errors }) =>
      errors.map(({ path, message }) => ({ path: toPath(index, path), message })),
    ),
  );
}
