import { maxPageSize, readingsPageSchema } from '@sensor-sentinel/contracts';
import { Client } from 'undici';

/** One query of the dashboard, sent repeatedly. Windows of an hour end at the current time. */
export interface Question {
  name: string;
  toPath: () => string;
}

type Query = Readonly<Record<string, string>>;

const hourMs = 3_600_000;
const pageSize = 50;
const deepPage = 1000;
const walkLimitMs = 60_000;

const clients = new Map<number, Client>();

/** Over one connection, like a dashboard. The time is that until the last byte of the answer. */
export async function ask(port: number, path: string) {
  const client = clients.get(port) ?? new Client(`http://127.0.0.1:${port}`);
  clients.set(port, client);
  const begin = performance.now();
  const answer = await client.request({ method: 'GET', path });
  const body = await answer.body.text();
  return { status: answer.statusCode, ms: performance.now() - begin, body };
}

const toPath = (route: string, query: Query) => `${route}?${new URLSearchParams(query)}`;

/**
 * The cursor after 999 pages of 50 readings, found by following `next_cursor` in larger pages; the last full page where
 * there are fewer. Undefined where that took more than a minute, or failed.
 */
async function walkToDeepPage(port: number, query: Query): Promise<string | undefined> {
  const end = performance.now() + walkLimitMs;
  let cursor: string | undefined;
  for (let left = (deepPage - 1) * pageSize; left > 0; left -= maxPageSize) {
    const page = { ...query, limit: String(Math.min(left, maxPageSize)), ...(cursor && { cursor }) };
    const { status, body } = await ask(port, toPath('/readings', page));
    if (status !== 200 || performance.now() > end) return undefined;
    const { next_cursor } = readingsPageSchema.parse(JSON.parse(body));
    if (next_cursor === null) return cursor;
    cursor = next_cursor;
  }
  return cursor;
}

async function listWindowQuestions(port: number, window: string, toQuery: () => Query): Promise<Question[]> {
  const routes: [name: string, route: string, query: Query][] = [
    ['/stats', '/stats', {}],
    ['/distribution', '/distribution', {}],
    ['/series?points=1000', '/series', { points: '1000' }],
    ['/fleet', '/fleet', {}],
  ];
  for (const sort of ['timestamp', 'temperature']) {
    const sorted = { sort, order: 'desc' };
    routes.push([`/readings page 1 by ${sort}`, '/readings', sorted]);
    // A cursor belongs to its window.
    const query = { ...toQuery(), ...sorted };
    const cursor = await walkToDeepPage(port, query);
    if (cursor !== undefined)
      routes.push([`/readings page ${deepPage} by ${sort}`, '/readings', { ...query, cursor }]);
  }
  return routes.map(([name, route, query]) => ({
    name: `${name} ${window}`,
    toPath: () => toPath(route, { ...toQuery(), ...query }),
  }));
}

/** Of all sensors together or of one, for the last hour and without a window. */
export async function listQuestions(port: number, sensorId?: string): Promise<Question[]> {
  const sensor: Query = sensorId === undefined ? {} : { sensor_id: sensorId };
  const suffix = sensorId === undefined ? '' : ', one sensor';
  const lastHour = () => ({ from: new Date(Date.now() - hourMs).toISOString(), ...sensor });
  return [
    ...(await listWindowQuestions(port, `last hour${suffix}`, lastHour)),
    ...(await listWindowQuestions(port, `everything${suffix}`, () => sensor)),
  ];
}
