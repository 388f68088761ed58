import { exportQuerySchema, readingsFormatSchema, readingsQuerySchema } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { parseRequest } from '../parse-request.ts';
import { exportReadings } from '../queries/export-readings.ts';
import { listReadings } from '../queries/list-readings.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { drained } from './drained.ts';

/** Sends each chunk once the one before is taken; a client that goes ends the chunks. */
async function sendCsv(response: Response, chunks: AsyncGenerator<string>): Promise<void> {
  const first = await chunks.next(); // before the head: what fails here can still be answered as an error
  response.set({
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': 'attachment; filename="readings.csv"',
    'Cache-Control': 'no-store',
  });
  for (let chunk = first; !chunk.done && !response.destroyed; chunk = await chunks.next()) {
    if (!response.write(chunk.value)) await drained(response);
  }
  response.end();
}

const formatQuerySchema = z.looseObject({ format: readingsFormatSchema.optional() });

/** A link cannot say what it accepts: `format` does, where it is given. */
function readQuestion(request: Request) {
  const { format, ...question } = parseRequest(formatQuerySchema, request.query);
  const accepted = request.accepts(['application/json', 'text/csv']) === 'text/csv' ? 'csv' : 'json';
  return { format: format ?? accepted, question };
}

interface ReadingsOptions {
  pool: CallbackPool;
  maxExports: number;
}

/** `GET /readings`: a page, or everything as `text/csv`. */
export function createGetReadings({ pool, maxExports }: ReadingsOptions) {
  let exports = 0;

  async function exportAll(question: unknown, response: Response): Promise<void> {
    const selection = parseRequest(exportQuerySchema, question);
    if (exports >= maxExports) {
      const detail = `${exports} exports are under way already. Try again when one has ended.`;
      throw new ApiError('overloaded', { detail, headers: { 'Retry-After': '10' } });
    }
    exports += 1;
    const chunks = exportReadings(pool, selection);
    try {
      await sendCsv(response, chunks);
    } finally {
      exports -= 1;
      await chunks.return(undefined);
    }
  }

  return async (request: Request, response: Response): Promise<void> => {
    response.vary('Accept');
    const { format, question } = readQuestion(request);
    if (format === 'csv') await exportAll(question, response);
    else response.json(await listReadings(pool, parseRequest(readingsQuerySchema, question)));
  };
}
