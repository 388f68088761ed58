import {
  type IncidentDetails,
  type IncidentFeedbackAnswer,
  idSchema,
  incidentAckSchema,
  incidentCommentSchema,
  incidentFeedbackSchema,
  incidentResolutionSchema,
  incidentsQuerySchema,
} from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet, jsonBody, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { feedbackShards } from '../feedback/confusion.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import {
  acknowledgeIncident,
  commentOnIncident,
  giveFeedback,
  requireIncident,
  resolveIncident,
} from './change-incident.ts';
import { findPeak } from './explain-peaks.ts';
import type { ToChangeStatements } from './incident-changes.ts';
import { listIncidents } from './list-incidents.ts';

interface IncidentRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  querying: WorkLimit;
  maxBodyBytes: number;
  now: () => Date;
  toChangeStatements: ToChangeStatements;
}

interface IdParams {
  id: string;
}

const paramsSchema = z.object({ id: idSchema });

/** `/incidents`, and what people say about one. */
export function createIncidentRoutes(options: IncidentRoutesOptions): Router {
  const { types, pool, changing, querying, maxBodyBytes, now, toChangeStatements } = options;
  const router = Router();
  const body = jsonBody(maxBodyBytes);
  let shard = 0;

  addGet(router, '/incidents', async ({ query }, response) => {
    const given = parseRequest(incidentsQuerySchema, query);
    const type = await types.require(given.type);
    response.json(await querying(() => listIncidents(pool, type, given)));
  });
  addGet<IdParams>(router, '/incidents/:id', async ({ params }, response) => {
    const { id } = parseRequest(paramsSchema, params);
    const incident = await requireIncident(pool, id);
    const details: IncidentDetails = { ...incident, peak: await findPeak(pool, id) };
    response.json(details);
  });

  /** Adds a route that answers with the changed incident. */
  function addChange<T>(
    name: string,
    schema: z.ZodType<T>,
    change: (options: { pool: Pool; id: string; at: Date }, given: T) => Promise<void>,
  ): void {
    async function post({ params, body: given }: Request<IdParams>, response: Response): Promise<void> {
      const { id } = parseRequest(paramsSchema, params);
      await change({ pool: changing, id, at: now() }, parseRequest(schema, given));
      response.json(await requireIncident(changing, id));
    }
    router.route(`/incidents/:id/${name}`).post(body, post).all(refuseMethod('POST'));
  }

  addChange('ack', incidentAckSchema, acknowledgeIncident);
  addChange('comment', incidentCommentSchema, commentOnIncident);
  addChange('resolve', incidentResolutionSchema, (target, { by }) =>
    resolveIncident(target, by, toChangeStatements),
  );
  router
    .route('/incidents/:id/feedback')
    .post(body, async ({ params, body: given }: Request<IdParams>, response) => {
      const { id } = parseRequest(paramsSchema, params);
      const { label } = parseRequest(incidentFeedbackSchema, given);
      shard = (shard + 1) % feedbackShards;
      const labeled = await querying(() => giveFeedback({ pool: changing, id, at: now() }, label, shard));
      const answer: IncidentFeedbackAnswer = { incident: await requireIncident(changing, id), labeled };
      response.json(answer);
    })
    .all(refuseMethod('POST'));
  return router;
}
