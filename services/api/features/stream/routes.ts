import { streamQuerySchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import type { Stream } from './create-stream.ts';

/** `GET /stream`. */
export function createStreamRoutes(stream: Stream, types: TypeRegistry): Router {
  const router = Router();
  addGet(router, '/stream', async (request, response) => {
    const { sensor_id: sensors, type: name } = parseRequest(streamQuerySchema, request.query);
    const type = await types.require(name);
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    await stream.open(response, { type, sensors });
  });
  return router;
}
