import { createServer, request as send } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Bench } from '../bench.ts';

/** Requests, and bytes of the answers with their headers as they go over the connection. */
export interface Traffic {
  requests: number;
  bytes: number;
}

/** A proxy in front of a server. It counts what all windows and workers of a browser ask. */
export async function startCountingProxy(bench: Bench, port: number) {
  let requests = 0;
  let bytesOfClosed = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((request, response) => {
    requests++;
    const { url: path, method, headers } = request;
    const forwarded = send({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
  proxy.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      bytesOfClosed += socket.bytesWritten;
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  bench.defer(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return {
    port: (proxy.address() as AddressInfo).port, // it listens on a port
    count: (): Traffic => ({
      requests,
      bytes: [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, bytesOfClosed),
    }),
  };
}
