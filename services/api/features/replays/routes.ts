import { ackRequestSchema, leaseRequestSchema, replayNameSchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { jsonBody } from '../../http/json-body.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { refuseMethod } from '../../http/routes.ts';
import { acknowledge } from './ack.ts';
import { forgetReplay, toUnknown } from './forget-replay.ts';
import { leaseRows } from './lease.ts';
import { listReplays } from './list-replays.ts';

interface ReplaysOptions {
  /** Every question must see one state of the database. */
  pool: Pool;
  changing: Pool;
  maxBodyBytes: number;
}

type NameParams = { name: string };

const paramsSchema = z.object({ name: replayNameSchema });
const noQuerySchema = z.strictObject({});

function readName({ params, query }: Request<NameParams>): string {
  parseRequest(noQuerySchema, query);
  return parseRequest(paramsSchema, params).name;
}

/** `/replays`: files that senders share, and how far they have come. */
export function createReplayRoutes({ pool, changing, maxBodyBytes }: ReplaysOptions): Router {
  const router = Router();
  const body = jsonBody(maxBodyBytes);

  async function getAll({ query }: Request, response: Response): Promise<void> {
    parseRequest(noQuerySchema, query);
    response.json(await listReplays(pool));
  }
  async function getOne(request: Request<NameParams>, response: Response): Promise<void> {
    const name = readName(request);
    const [replay] = (await listReplays(pool, name)).replays;
    if (!replay) throw toUnknown(name);
    response.json(replay);
  }
  async function forget(request: Request<NameParams>, response: Response): Promise<void> {
    await forgetReplay(changing, readName(request));
    response.status(204).end();
  }
  async function postLease(request: Request<NameParams>, response: Response): Promise<void> {
    const name = readName(request);
    response.json(await leaseRows(changing, name, parseRequest(leaseRequestSchema, request.body)));
  }
  async function postAck(request: Request<NameParams>, response: Response): Promise<void> {
    const name = readName(request);
    response.json(await acknowledge(changing, name, parseRequest(ackRequestSchema, request.body)));
  }

  router.route('/replays').get(getAll).all(refuseMethod('GET, HEAD'));
  router.route('/replays/:name').get(getOne).delete(forget).all(refuseMethod('GET, HEAD, DELETE'));
  router.route('/replays/:name/lease').post(body, postLease).all(refuseMethod('POST'));
  router.route('/replays/:name/ack').post(body, postAck).all(refuseMethod('POST'));
  return router;
}
