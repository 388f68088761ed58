import { activationQuerySchema } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import type { ActivateModel } from '../models/activate-model.ts';
import { parseRequest } from '../parse-request.ts';

/** `POST /models/{name}/activate`. */
export function createPostActivate(activateModel: ActivateModel) {
  return async ({ params, query }: Request<{ name: string }>, response: Response): Promise<void> => {
    response.json(await activateModel(params.name, parseRequest(activationQuerySchema, query)));
  };
}
