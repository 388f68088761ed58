import type { Request, Response } from 'express';
import type { Fault } from '../features/models/model-in-use.ts';
import { ApiError } from './errors.ts';

export function getLivez(_request: Request, response: Response): void {
  response.json({ status: 'ok' });
}

/** `GET /readyz`: 503 with the reason while a prediction could not be stored. */
export function createGetReadyz(findFault: () => Promise<Fault | undefined>) {
  return async (_request: Request, response: Response): Promise<void> => {
    const fault = await findFault();
    if (fault) throw new ApiError(fault.code, { detail: fault.detail, headers: { 'Retry-After': '1' } });
    response.json({ status: 'ok' });
  };
}
