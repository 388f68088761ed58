import { ackRequestSchema, leaseRequestSchema, replayNameSchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { parseRequest } from '../../http/parse-request.ts';
import { jsonBody, refuseMethod } from '../../http/routes.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { acknowledge } from './acknowledge.ts';
import { leaseRows } from './lease-rows.ts';
import { listReplays } from './list-replays.ts';
import { deleteReplay, toNotFound } from './replays.ts';

interface ReplayRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  maxBodyBytes: number;
}

interface NameParams {
  name: string;
}

const paramsSchema = z.object({ name: replayNameSchema });
const noQuerySchema = z.strictObject({});

function parseName({ params, query }: Request<NameParams>): string {
  parseRequest(noQuerySchema, query);
  return parseRequest(paramsSchema, params).name;
}

/** `/replays`: CSV files that senders share, and their progress. */
export function createReplayRoutes({ types, pool, changing, maxBodyBytes }: ReplayRoutesOptions): Router {
  const router = Router();
  const body = jsonBody(maxBodyBytes);

  async function getAll({ query }: Request, response: Response): Promise<void> {
    parseRequest(noQuerySchema, query);
    response.json(await listReplays(pool));
  }
  async function getOne(request: Request<NameParams>, response: Response): Promise<void> {
    const name = parseName(request);
    const [replay] = (await listReplays(pool, name)).replays;
    if (!replay) throw toNotFound(name);
    response.json(replay);
  }
  async function deleteOne(request: Request<NameParams>, response: Response): Promise<void> {
    await deleteReplay(changing, parseName(request));
    response.status(204).end();
  }
  async function postLease(request: Request<NameParams>, response: Response): Promise<void> {
    const name = parseName(request);
    const given = parseRequest(leaseRequestSchema, request.body);
    const type = await types.require(given.type);
    response.json(await leaseRows(changing, name, { type, request: given }));
  }
  async function postAck(request: Request<NameParams>, response: Response): Promise<void> {
    const name = parseName(request);
    response.json(await acknowledge(changing, name, parseRequest(ackRequestSchema, request.body)));
  }

  router.route('/replays').get(getAll).all(refuseMethod('GET, HEAD'));
  router.route('/replays/:name').get(getOne).delete(deleteOne).all(refuseMethod('GET, HEAD, DELETE'));
  router.route('/replays/:name/lease').post(body, postLease).all(refuseMethod('POST'));
  router.route('/replays/:name/ack').post(body, postAck).all(refuseMethod('POST'));
  return router;
}
