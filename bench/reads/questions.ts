import { maxPageSize, readingsPageSchema } from '@sensor-sentinel/contracts';
import { ask } from './ask.ts';

export interface Question {
  /** The same for every number of rows. */
  name: string;
  /** Made anew for each request: an hour ends now. */
  toPath: () => string;
}

type Query = Readonly<Record<string, string>>;

const hourMs = 3_600_000;
const pageSize = 50;
const deepPage = 1000;
const walkLimitMs = 60_000;

const sortings: readonly Query[] = [
  { sort: 'timestamp', order: 'desc' },
  { sort: 'temperature', order: 'desc' },
];

function toPath(route: string, query: Query): string {
  const search = new URLSearchParams(query).toString();
  return search === '' ? route : `${route}?${search}`;
}

function lastHour(): Query {
  return { from: new Date(Date.now() - hourMs).toISOString() };
}

/**
 * The cursor of the page that begins after 999 pages of 50 readings, found by following `next_cursor`; where there are
 * fewer readings, that of the last full page. A cursor is a place in the order, so that larger pages lead there too.
 * Undefined where the way took longer than a minute, or failed.
 */
async function walkToDeepPage(port: number, query: Query): Promise<string | undefined> {
  const end = performance.now() + walkLimitMs;
  let cursor: string | undefined;
  for (let left = (deepPage - 1) * pageSize; left > 0; ) {
    const limit = Math.min(left, maxPageSize);
    const path = toPath('/readings', { ...query, limit: String(limit), ...(cursor && { cursor }) });
    const { status, body } = await ask(port, path);
    if (status !== 200 || performance.now() > end) return undefined;
    const page = readingsPageSchema.parse(JSON.parse(body));
    if (page.next_cursor === null) return cursor;
    cursor = page.next_cursor;
    left -= limit;
  }
  return cursor;
}

/** Over one window: what the dashboard shows of it. */
async function listWindowQuestions(port: number, window: string, toQuery: () => Query): Promise<Question[]> {
  const questions: Question[] = [
    { name: `/stats ${window}`, toPath: () => toPath('/stats', toQuery()) },
    { name: `/distribution ${window}`, toPath: () => toPath('/distribution', toQuery()) },
    {
      name: `/series?points=1000 ${window}`,
      toPath: () => toPath('/series', { ...toQuery(), points: '1000' }),
    },
  ];
  for (const sorting of sortings) {
    const name = `by ${sorting.sort} ${window}`;
    questions.push({
      name: `/readings page 1 ${name}`,
      toPath: () => toPath('/readings', { ...toQuery(), ...sorting }),
    });
    const asked = { ...toQuery(), ...sorting };
    const cursor = await walkToDeepPage(port, asked);
    if (cursor === undefined) continue;
    questions.push({
      name: `/readings page 1000 ${name}`,
      toPath: () => toPath('/readings', { ...asked, cursor }),
    });
  }
  return questions;
}

/** Of all sensors together, and where there are many, of one of them. */
export async function listQuestions(port: number, sensorId: string | undefined): Promise<Question[]> {
  const sensor: Query = sensorId === undefined ? {} : { sensor_id: sensorId };
  const of = sensorId === undefined ? '' : ', one sensor';
  return [
    ...(await listWindowQuestions(port, `last hour${of}`, () => ({ ...lastHour(), ...sensor }))),
    ...(await listWindowQuestions(port, `everything${of}`, () => sensor)),
  ];
}
