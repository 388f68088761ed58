import { activationQuerySchema } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { parseRequest } from '../../http/parse-request.ts';
import type { ActivateModel } from './activate-model.ts';

/** `POST /models/{name}/activate`. */
export function createPostActivate(activateModel: ActivateModel) {
  return async ({ params, query }: Request<{ name: string }>, response: Response): Promise<void> => {
    response.json(await activateModel(params.name, parseRequest(activationQuerySchema, query)));
  };
}
