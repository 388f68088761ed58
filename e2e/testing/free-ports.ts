import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

// Below those that outgoing connections are given, so that none takes such a port while its server is down.
const lowestPort = 15_000;
const highestPort = 32_767;

/** Null where the port is taken. */
async function tryToListen(port: number): Promise<Server | null> {
  const server = createServer().listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => null,
  );
}

/** Ports of 127.0.0.1 that nothing listens on, all different. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = randomInt(lowestPort, highestPort + 1);
    const server = await tryToListen(port);
    if (server !== null) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')));
  return [...held.keys()];
}
