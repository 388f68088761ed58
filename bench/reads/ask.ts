import { Agent, get } from 'node:http';

/** One connection for one client, as a dashboard's. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export interface Asked {
  status: number;
  ms: number;
  body: string;
}

/** Asks the API; the time is that until the last byte of the answer. */
export function ask(port: number, path: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    get({ port, host: '127.0.0.1', path, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const ms = performance.now() - begin;
        resolve({ status: response.statusCode ?? 0, ms, body: Buffer.concat(chunks).toString() });
      });
    }).on('error', reject);
  });
}
