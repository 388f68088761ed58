import { streamQuerySchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { Stream } from './create-stream.ts';

/** `GET /stream`. */
export function createStreamRoutes(stream: Stream): Router {
  const router = Router();
  addGet(router, '/stream', async (request, response) => {
    const { sensor_id: sensors } = parseRequest(streamQuerySchema, request.query);
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    await stream.open(response, { sensors, lastEventId: request.get('last-event-id') });
  });
  return router;
}
