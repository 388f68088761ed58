import { ledgerQuerySchema } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { parseRequest } from '../parse-request.ts';
import { findLedger } from '../queries/find-ledger.ts';
import type { CallbackPool } from '../storage/pool.ts';

/** `GET /ledger`. */
export function createGetLedger(pool: CallbackPool, options: { now: () => Date; gapAfterMs: number }) {
  return async ({ query }: Request, response: Response): Promise<void> => {
    const { now, gapAfterMs } = options;
    response.json(await findLedger(pool, parseRequest(ledgerQuerySchema, query), { now: now(), gapAfterMs }));
  };
}
