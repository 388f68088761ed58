import { exportOptionsSchema, readingsFormatSchema, typeNameSchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import type { ClientLimit } from '../../http/client-limit.ts';
import { drained } from '../../http/drained.ts';
import { ApiError } from '../../http/errors.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { computeExtras } from '../models/compute-extras.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import { describeNoModel } from '../models/no-model.ts';
import { type LoadedType, toValues } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { exportReadings } from './export-readings.ts';
import { requireReading } from './find-readings.ts';
import { listReadings } from './list-readings.ts';
import { toStoredReading } from './reading-row.ts';

const csvHeaders = {
  'Content-Type': 'text/csv; charset=utf-8; header=present',
  'Content-Disposition': 'attachment; filename="readings.csv"',
  'Cache-Control': 'no-store',
};

const typeSchema = z.object({ type: typeNameSchema.optional() });
const formatSchema = z.object({ format: readingsFormatSchema.optional() });

interface ReadingsOptions {
  types: TypeRegistry;
  inUse: ModelsInUse;
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
  types,
  inUse,
  registry,
  pool,
  explaining,
  querying,
  exporting,
  exportsByClient,
}: ReadingsOptions): Router {
  const router = Router();

  /** The type that a query names; the rest of the query depends on it. */
  function requireType(query: Request['query']): Promise<LoadedType> {
    return types.require(parseRequest(typeSchema, query).type);
  }

  router
    .route('/predict')
    .get(async ({ query }, response) => {
      const type = await requireType(query);
      const { explain, votes, ...features } = parseRequest(type.predictQuerySchema, query);
      const model = inUse.serving(type);
      if (model === undefined) throw new ApiError('not_found', { detail: describeNoModel(type) });
      const reading = { type, values: toValues(type, features) };
      const compute = () => computeExtras({ explain, votes }, { registry, findScorer: () => model, reading });
      const extras = explain || votes ? await explaining(compute) : {};
      response.json({ ...model.score(reading.values), ...extras });
    })
    .all(refuseMethod('GET, HEAD, POST'));

  addGet(router, '/readings', async (request, response) => {
    response.vary('Accept');
    const { format, query } = readFormat(request);
    const type = await requireType(query);
    if (format === 'json') {
      const page = parseRequest(type.readingsQuerySchema, query);
      response.json(await querying(() => listReadings(pool, type, page)));
      return;
    }
    const { excel, ...filters } = query;
    const options = parseRequest(exportOptionsSchema, { excel });
    const selection = parseRequest(type.exportQuerySchema, filters);
    if (request.method === 'HEAD') {
      response.set(csvHeaders).end();
      return;
    }
    await exportsByClient(request, () =>
      exporting(() =>
        sendCsv(response, exportReadings(pool, type, selection), options.excel ? '\ufeff' : ''),
      ),
    );
  });

  addGet(router, '/readings/:id', async (request, response) => {
    response.json(toStoredReading(await requireReading(pool, types, request)));
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

/** Sends `start` and then chunk by chunk, at the pace of the client. Stops when the client disconnects. */
async function sendCsv(response: Response, chunks: AsyncGenerator<string>, start: string): Promise<void> {
  try {
    const first = await chunks.next(); // before the headers, so that an error still gets its own status
    response.set(csvHeaders);
    if (start !== '') response.write(start);
    for (let chunk = first; !chunk.done && !response.destroyed; chunk = await chunks.next()) {
      if (!response.write(chunk.value)) await drained(response);
    }
    response.end();
  } finally {
    await chunks.return(undefined);
  }
}
