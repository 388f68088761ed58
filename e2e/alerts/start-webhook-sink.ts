import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  startsAt: z.iso.datetime(),
});

const bodySchema = z.object({
  version: z.literal('4'),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string(),
  truncatedAlerts: z.int(),
  alerts: z.array(alertSchema),
});

export interface WebhookMessage extends z.infer<typeof bodySchema> {
  /** The idempotency key. */
  id: string;
  /** Whether the sink has accepted it: its sender was still there to read the 200. */
  isAccepted: boolean;
}

export type WebhookSink = Awaited<ReturnType<typeof startWebhookSink>>;

/** An HTTP server that verifies webhooks as Standard Webhooks describes, and keeps them. */
export async function startWebhookSink() {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const messages: WebhookMessage[] = [];
  const refused: string[] = [];
  let isHolding = false;
  let held: (() => void)[] = [];

  function receive(body: string, headers: Record<string, string>, response: ServerResponse): void {
    const signed = new Webhook(secret).verify(body, headers);
    const message = { ...bodySchema.parse(signed), id: headers['webhook-id'] ?? '', isAccepted: false };
    messages.push(message);
    const accept = () => {
      message.isAccepted = !response.destroyed;
      response.writeHead(200).end();
    };
    if (isHolding) held.push(accept);
    else accept();
  }

  const server = createServer(async (request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const body = await text(request);
    try {
      receive(body, headers, response);
    } catch (error) {
      refused.push(`${error}: ${body}`);
      response.writeHead(400).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    /** The channel of a receiver that sends to it. */
    channel: { webhook: { url: `http://127.0.0.1:${port}/hook`, secret } },
    messages,
    /** Requests whose signature or body is wrong. */
    refused,
    /** From here on, requests are not answered. */
    hold(): void {
      isHolding = true;
    },
    release(): void {
      isHolding = false;
      for (const accept of held) accept();
      held = [];
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
