import type { Request, Response } from 'express';
import { ApiError, type ProblemCode } from '../errors.ts';

export interface Fault {
  code: Extract<ProblemCode, 'database_unavailable' | 'model_unavailable'>;
  detail: string;
}

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
