import {
  channelKinds,
  deliveriesQuerySchema,
  type ListedReceiver,
  nameSchema,
  type ReceiversAnswer,
  type ReceiverTest,
  receiverSchema,
} from '@sensor-sentinel/contracts';
import { type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest, toValidationError } from '../../http/parse-request.ts';
import { addGet, jsonBody, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { findLatestDeliveries, listDeliveries } from './list-deliveries.ts';
import { deleteReceiver, storeReceiver } from './receiver-rows.ts';
import type { Receiver } from './receivers.ts';
import type { ReceiversInUse } from './receivers-in-use.ts';

interface NotificationRoutesOptions {
  receivers: ReceiversInUse;
  /** Sends a test message, and says what happened. */
  sendTest: (receiver: Receiver) => Promise<ReceiverTest>;
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  querying: WorkLimit;
  /** Limits test messages, each of which may take as long as an attempt. */
  testing: WorkLimit;
  maxBodyBytes: number;
}

const paramsSchema = z.object({ name: nameSchema });
const noQuerySchema = z.strictObject({});

/** `/receivers`, of which those of people can be changed, and `/deliveries`. No answer has secrets. */
export function createNotificationRoutes(options: NotificationRoutesOptions): Router {
  const { receivers, sendTest, pool, changing, querying, testing, maxBodyBytes } = options;
  const router = Router();
  const body = jsonBody(maxBodyBytes);

  async function findReceiver(name: string): Promise<Receiver> {
    await receivers.refresh();
    const receiver = receivers.list().find((one) => one.name === name);
    if (receiver === undefined) throw toMissingReceiver(name);
    return receiver;
  }

  async function store(given: unknown, response: Response, mustBeNew: boolean): Promise<void> {
    const receiver = parseRequest(receiverSchema, given);
    refuseReceiverOfFile(receivers, receiver.name);
    const isNew = await storeReceiver(changing, receiver, { mustBeNew });
    response.status(isNew ? 201 : 200).json(toListedReceiver(await findReceiver(receiver.name)));
  }

  router
    .route('/receivers')
    .get(async ({ query }, response) => {
      parseRequest(noQuerySchema, query);
      await receivers.refresh();
      const latest = await querying(() => findLatestDeliveries(pool));
      const listed = receivers.list().map(toListedReceiver);
      const answer: ReceiversAnswer = {
        receivers: listed.map((receiver) => ({ ...receiver, latest: latest.get(receiver.name) ?? null })),
      };
      response.json(answer);
    })
    .post(body, (request, response) => store(request.body, response, true))
    .all(refuseMethod('GET, HEAD, POST'));

  router
    .route('/receivers/:name')
    .put(body, async (request, response) => {
      const { name } = parseRequest(paramsSchema, request.params);
      const given = parseRequest(z.looseObject({ name: z.unknown().optional() }), request.body);
      if (given.name !== undefined && given.name !== name)
        throw toValidationError([{ path: 'name', message: 'expected the name in the path, or no name' }]);
      refuseReceiverOfFile(receivers, name);
      const hasChannel = channelKinds.some((kind) => given[kind] !== undefined);
      const channel = hasChannel ? {} : toChannel(await findReceiver(name));
      await store({ ...given, ...channel, name }, response, false);
    })
    .delete(async ({ params }, response) => {
      const { name } = parseRequest(paramsSchema, params);
      refuseReceiverOfFile(receivers, name);
      if (!(await deleteReceiver(changing, name))) throw toMissingReceiver(name);
      await receivers.refresh();
      response.status(204).end();
    })
    .all(refuseMethod('DELETE, PUT'));

  router
    .route('/receivers/:name/test')
    .post(async ({ params }, response) => {
      const receiver = await findReceiver(parseRequest(paramsSchema, params).name);
      response.json(await testing(() => sendTest(receiver)));
    })
    .all(refuseMethod('POST'));

  addGet(router, '/deliveries', async ({ query }, response) => {
    const given = parseRequest(deliveriesQuerySchema, query);
    response.json(await querying(() => listDeliveries(pool, given)));
  });
  return router;
}

function toListedReceiver(receiver: Receiver): ListedReceiver {
  const { name, severities, rules, repeat_interval, send_resolved, group_wait, quiet_hours } = receiver;
  const kind = channelKinds.find((one) => receiver[one] !== undefined);
  if (kind === undefined) throw new Error('a receiver without a channel');
  return {
    ...{ name, severities, rules, repeat_interval, send_resolved, group_wait, quiet_hours, kind },
    target: toTarget(receiver),
    origin: receiver.isTrusted ? 'file' : 'person',
  };
}

/** A path or a query could contain a secret. */
function toTarget({ email, alertmanager, webhook, slack, discord, teams, ntfy }: Receiver): string {
  const channel = alertmanager ?? webhook ?? slack ?? discord ?? teams ?? ntfy;
  return channel === undefined ? (email?.to.join(', ') ?? '') : new URL(channel.url).origin;
}

function toChannel({ alertmanager, webhook, email, slack, discord, teams, ntfy }: Receiver) {
  return { alertmanager, webhook, email, slack, discord, teams, ntfy };
}

function refuseReceiverOfFile(receivers: ReceiversInUse, name: string): void {
  if (!receivers.list().some((receiver) => receiver.name === name && receiver.isTrusted)) return;
  const detail = `The receiver ${JSON.stringify(name)} comes from the file that RULES_FILE names. Change it there.`;
  throw new ApiError('receiver_read_only', { detail });
}

function toMissingReceiver(name: string): ApiError {
  const detail = `There is no receiver ${JSON.stringify(name)}. GET /receivers lists all receivers.`;
  return new ApiError('not_found', { detail });
}
