import type { RequestHandler } from 'express';
import { parseJson, readBody, readBodyType } from './request-body.ts';

/** Makes a JSON body of bounded size `request.body`, in the way of `POST /predict`. */
export function jsonBody(maxBodyBytes: number): RequestHandler {
  return async (request, _response, next) => {
    readBodyType(request, ['application/json']);
    request.body = parseJson(await readBody(request, maxBodyBytes));
    next();
  };
}
