import { streamQuerySchema } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { parseRequest } from '../../http/parse-request.ts';
import type { Stream } from './create-stream.ts';

/** `GET /stream`. */
export function createGetStream(stream: Stream) {
  return async (request: Request, response: Response): Promise<void> => {
    const { sensor_id: sensors } = parseRequest(streamQuerySchema, request.query);
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    await stream.open(response, { sensors, lastEventId: request.get('last-event-id') });
  };
}
