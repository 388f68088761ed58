import { Agent, get } from 'node:http';
import { maxPageSize, readingsPageSchema } from '@sensor-sentinel/contracts';

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

/** One connection for one client, like a dashboard's. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The time is that until the last byte of the answer. */
export function ask(port: number, path: string): Promise<{ status: number; ms: number; body: string }> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    get({ port, host: '127.0.0.1', path, agent }, async (response) => {
      const chunks = await response.toArray().catch(reject);
      const body = Buffer.concat(chunks ?? []).toString();
      resolve({ status: response.statusCode ?? 0, ms: performance.now() - begin, body });
    }).on('error', reject);
  });
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
    const limit = String(Math.min(left, maxPageSize));
    const { status, body } = await ask(
      port,
      toPath('/readings', { ...query, limit, ...(cursor && { cursor }) }),
    );
    if (status !== 200 || performance.now() > end) return undefined;
    const { next_cursor } = readingsPageSchema.parse(JSON.parse(body));
    if (next_cursor === null) return cursor;
    cursor = next_cursor;
  }
  return cursor;
}

async function listWindowQuestions(port: number, window: string, toQuery: () => Query): Promise<Question[]> {
  const questions: Question[] = [
    { name: `/stats ${window}`, toPath: () => toPath('/stats', toQuery()) },
    { name: `/distribution ${window}`, toPath: () => toPath('/distribution', toQuery()) },
    {
      name: `/series?points=1000 ${window}`,
      toPath: () => toPath('/series', { ...toQuery(), points: '1000' }),
    },
  ];
  for (const sort of ['timestamp', 'temperature']) {
    const sorted = { sort, order: 'desc' };
    const name = `by ${sort} ${window}`;
    questions.push({
      name: `/readings page 1 ${name}`,
      toPath: () => toPath('/readings', { ...toQuery(), ...sorted }),
    });
    const query = { ...toQuery(), ...sorted };
    const cursor = await walkToDeepPage(port, query);
    if (cursor === undefined) continue;
    questions.push({
      name: `/readings page ${deepPage} ${name}`,
      toPath: () => toPath('/readings', { ...query, cursor }),
    });
  }
  return questions;
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
