import {
  exportQuerySchema,
  type ReadingsSelection,
  readingsFormatSchema,
  readingsQuerySchema,
} from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ClientLimit } from '../../http/client-limit.ts';
import { drained } from '../../http/drained.ts';
import { parseRequest } from '../../http/parse-request.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { CallbackPool } from '../../storage/pool.ts';
import { exportReadings } from './export-readings.ts';
import { listReadings } from './list-readings.ts';

const csvHeaders = {
  'Content-Type': 'text/csv; charset=utf-8; header=present',
  'Content-Disposition': 'attachment; filename="readings.csv"',
  'Cache-Control': 'no-store',
};

/** Sends each chunk once the one before is taken; a client that goes ends the chunks. */
async function sendCsv(response: Response, chunks: AsyncGenerator<string>): Promise<void> {
  const first = await chunks.next(); // before the head: what fails here can still be answered as an error
  response.set(csvHeaders);
  for (let chunk = first; !chunk.done && !response.destroyed; chunk = await chunks.next()) {
    if (!response.write(chunk.value)) await drained(response);
  }
  response.end();
}

const formatSchema = z.object({ format: readingsFormatSchema.optional() });

/** A link cannot say what it accepts: `format` does, where it is given. */
function readQuestion(request: Request) {
  const { format: given, ...question } = request.query;
  const { format } = parseRequest(formatSchema, { format: given });
  const accepted = request.accepts(['application/json', 'text/csv']) === 'text/csv' ? 'csv' : 'json';
  return { format: format ?? accepted, question };
}

interface ReadingsOptions {
  pool: CallbackPool;
  querying: WorkLimit;
  exporting: WorkLimit;
  /** A client that reads slowly may not take the places of all others. */
  exportsByClient: ClientLimit;
}

/** `GET /readings`: a page, or everything as `text/csv`. */
export function createGetReadings({ pool, querying, exporting, exportsByClient }: ReadingsOptions) {
  async function exportAll(selection: ReadingsSelection, response: Response): Promise<void> {
    const chunks = exportReadings(pool, selection);
    try {
      await sendCsv(response, chunks);
    } finally {
      await chunks.return(undefined);
    }
  }

  return async (request: Request, response: Response): Promise<void> => {
    response.vary('Accept');
    const { format, question } = readQuestion(request);
    if (format === 'json') {
      const page = parseRequest(readingsQuerySchema, question);
      response.json(await querying(() => listReadings(pool, page)));
      return;
    }
    const selection = parseRequest(exportQuerySchema, question);
    if (request.method === 'HEAD') response.set(csvHeaders).end();
    else await exportsByClient(request, () => exporting(() => exportAll(selection, response)));
  };
}
