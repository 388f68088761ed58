import { once } from 'node:events';
import { createServer } from 'node:net';

/** Whether something may listen on this port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenBriefly(port);
    return true;
  } catch {
    return false;
  }
}

/** A port of 127.0.0.1 that nothing listens on. */
export function findFreePort(): Promise<number> {
  return listenBriefly(0);
}

/** Resolves to the port; at port 0, the system picks one. */
async function listenBriefly(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : port;
}
