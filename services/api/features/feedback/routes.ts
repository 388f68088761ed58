import {
  type FieldError,
  idSchema,
  maxTruths,
  type Truth,
  type TruthAnswer,
  truthInputSchema,
  truthQuerySchema,
  truthSchema,
} from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest, toFieldErrors, toValidationError } from '../../http/parse-request.ts';
import type { CallbackPool } from '../../storage/pool.ts';
import { deleteTruth } from './delete-truth.ts';
import { findTruths } from './find-truths.ts';
import { insertTruths } from './insert-truths.ts';
import { truthShards } from './truth-hours.ts';

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

/** `POST /truth`: answers 200 only after the commit. */
export function createPostTruth(pool: CallbackPool, now: () => Date) {
  let posts = 0;
  return async ({ body }: Request, response: Response): Promise<void> => {
    const bodies: unknown[] = Array.isArray(body) ? body : [body];
    requireLength(bodies);
    const at = now();
    const rows = bodies.map((row) => checkTruth(row, at));
    posts += 1;
    const stored = await insertTruths(pool, toDistinct(rows), posts % truthShards);
    const rejected = rows.flatMap(({ truth, errors }, index) => {
      if (errors) return [{ index, errors }];
      return stored.has(truth.id) ? [] : [{ index, errors: [notStored] }];
    });
    const answer: TruthAnswer = { accepted: rows.length - rejected.length, rejected };
    if (answer.accepted === 0) throw toTruthError(answer, Array.isArray(body));
    response.json(answer);
  };
}

/** `GET /truth?id=…&id=…`. */
export function createGetTruth(pool: CallbackPool) {
  return async ({ query }: Request, response: Response): Promise<void> => {
    response.json({ truths: await findTruths(pool, parseRequest(truthQuerySchema, query)) });
  };
}

const paramsSchema = z.object({ id: idSchema });
const deletionQuerySchema = z.strictObject({ source: truthSchema.shape.source.optional() });

/** `DELETE /truth/{id}`: takes back what was told of a reading; answers 204 also where nothing was. */
export function createDeleteTruth(pool: CallbackPool) {
  let deletions = 0;
  return async ({ params, query }: Request, response: Response): Promise<void> => {
    const { id } = parseRequest(paramsSchema, params);
    const { source } = parseRequest(deletionQuerySchema, query);
    deletions += 1;
    await deleteTruth(pool, { readingId: id, source }, deletions % truthShards);
    response.status(204).end();
  };
}
