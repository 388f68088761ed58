import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface SinkRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the sink answers; `undefined`: nothing, and the connection stays open. */
type SinkAnswer = { status: number; headers?: Record<string, string>; body?: string } | undefined;

export interface HttpSink {
  url: string;
  requests: SinkRequest[];
  stop: () => Promise<void>;
}

/** Starts an HTTP server that keeps the requests. `answer` gets the number of the request, from 1 on. */
export async function startHttpSink(answer: (count: number) => SinkAnswer = () => ({ status: 200 })) {
  const requests: SinkRequest[] = [];
  const server = createServer(async (request, response) => {
    const count = requests.push({
      path: request.url ?? '',
      headers: request.headers,
      body: await text(request),
    });
    const answered = answer(count);
    if (answered !== undefined)
      response.writeHead(answered.status, answered.headers).end(answered.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  const sink: HttpSink = {
    url: `http://127.0.0.1:${port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return sink;
}
