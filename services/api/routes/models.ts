import { activationQuerySchema } from '@sensor-sentinel/contracts';
import type { NextFunction, Request, Response } from 'express';
import { ApiError } from '../errors.ts';
import type { ActivateModel } from '../models/activate-model.ts';
import { parseRequest } from '../parse-request.ts';

/** A page of another site could otherwise change something through the browser of who reads it. */
export function refuseOtherSites(request: Request, _response: Response, next: NextFunction): void {
  if (request.get('sec-fetch-site') !== 'cross-site') {
    next();
    return;
  }
  throw new ApiError('cross_site_request', {
    detail: 'only the dashboard or a client may change this',
  });
}

/** `POST /models/{name}/activate`. */
export function createPostActivate(activateModel: ActivateModel) {
  return async ({ params, query }: Request<{ name: string }>, response: Response): Promise<void> => {
    response.json(await activateModel(params.name, parseRequest(activationQuerySchema, query)));
  };
}
