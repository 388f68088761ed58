import {
  exportQuerySchema,
  predictQuerySchema,
  type ReadingsSelection,
  readingsFormatSchema,
  readingsQuerySchema,
} from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import type { ClientLimit } from '../../http/client-limit.ts';
import { drained } from '../../http/drained.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { computeExtras } from '../models/compute-extras.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { exportReadings } from './export-readings.ts';
import { requireReading } from './find-readings.ts';
import { listReadings } from './list-readings.ts';

const csvHeaders = {
  'Content-Type': 'text/csv; charset=utf-8; header=present',
  'Content-Disposition': 'attachment; filename="readings.csv"',
  'Cache-Control': 'no-store',
};

const formatSchema = z.object({ format: readingsFormatSchema.optional() });

interface ReadingsOptions {
  inUse: ModelInUse;
  registry: ModelRegistry;
  pool: Pool;
  explaining: WorkLimit;
  querying: WorkLimit;
  exporting: WorkLimit;
  /** Limits exports per client, so that one slow client cannot block all others. */
  exportsByClient: ClientLimit;
}

/** `GET /predict`, `/readings` and `/readings/{id}`. `createListener` routes `POST /predict` past Express. */
export function createReadingRoutes({
  inUse,
  registry,
  pool,
  explaining,
  querying,
  exporting,
  exportsByClient,
}: ReadingsOptions): Router {
  const router = Router();

  router
    .route('/predict')
    .get(async ({ query }, response) => {
      const { explain, votes, ...values } = parseRequest(predictQuerySchema, query);
      const model = inUse.serving();
      const compute = () => computeExtras({ explain, votes }, { registry, findScorer: () => model, values });
      const extras = explain || votes ? await explaining(compute) : {};
      response.json({ ...model.score(values), ...extras });
    })
    .all(refuseMethod('GET, HEAD, POST'));

  addGet(router, '/readings', async (request, response) => {
    response.vary('Accept');
    const { format, query } = readFormat(request);
    if (format === 'json') {
      const page = parseRequest(readingsQuerySchema, query);
      response.json(await querying(() => listReadings(pool, page)));
      return;
    }
    const selection = parseRequest(exportQuerySchema, query);
    if (request.method === 'HEAD') response.set(csvHeaders).end();
    else await exportsByClient(request, () => exporting(() => sendCsv(response, pool, selection)));
  });

  addGet(router, '/readings/:id', async (request, response) => {
    response.json(await requireReading(pool, request));
  });

  return router;
}

/** `format` takes precedence over the `Accept` header, which a link cannot set. */
function readFormat(request: Request) {
  const { format: given, ...query } = request.query;
  const { format } = parseRequest(formatSchema, { format: given });
  const accepted = request.accepts(['application/json', 'text/csv']) === 'text/csv' ? 'csv' : 'json';
  return { format: format ?? accepted, query };
}

/** Sends chunk by chunk, at the pace of the client. Stops when the client disconnects. */
async function sendCsv(response: Response, pool: Pool, selection: ReadingsSelection): Promise<void> {
  const chunks = exportReadings(pool, selection);
  try {
    const first = await chunks.next(); // before the headers, so that an error still gets its own status
    response.set(csvHeaders);
    for (let chunk = first; !chunk.done && !response.destroyed; chunk = await chunks.next()) {
      if (!response.write(chunk.value)) await drained(response);
    }
    response.end();
  } finally {
    await chunks.return(undefined);
  }
}
