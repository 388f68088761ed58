import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { z } from 'zod';

export interface TracedTasks {
  seconds: number;
  /** Processor time of the longest task, whatever else the machine did meanwhile. */
  longest_cpu_ms: number;
  /** The share of one core that the page took. */
  cpu_share: number;
}

const seconds = 20;

const traceSchema = z.object({
  traceEvents: z.array(
    z.looseObject({
      name: z.string(),
      ph: z.string(),
      pid: z.int(),
      tid: z.int(),
      ts: z.number().default(0),
      dur: z.number().default(0),
      /** Microseconds on the processor. */
      tdur: z.number().default(0),
      args: z.looseObject({ name: z.string().optional().catch(undefined) }).default({}),
    }),
  ),
});

type TraceEvent = z.infer<typeof traceSchema>['traceEvents'][number];

/** Tasks are told twice, by two layers of the browser: the outer one of each counts. */
function listTasks(events: readonly TraceEvent[]): TraceEvent[] {
  const toThread = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const threads = new Set(mains.map(toThread));
  const tasks = events
    .filter((event) => event.ph === 'X' && event.name.includes('RunTask') && threads.has(toThread(event)))
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur);
  const ends = new Map<string, number>();
  return tasks.filter((task) => {
    const isInner = task.ts + task.dur <= (ends.get(toThread(task)) ?? 0);
    if (!isInner) ends.set(toThread(task), task.ts + task.dur);
    return !isInner;
  });
}

/** How long tasks of the page keep a processor busy: what waiting for other programs does not change. */
export async function traceTasks(page: Page): Promise<TracedTasks> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the browser is gone');
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await delay(seconds * 1000);
  const trace = await browser.stopTracing();
  const tasks = listTasks(traceSchema.parse(JSON.parse(trace.toString())).traceEvents);
  const longest = tasks.reduce((most, { tdur }) => Math.max(most, tdur), 0);
  const sum = tasks.reduce((all, { tdur }) => all + tdur, 0);
  return {
    seconds,
    longest_cpu_ms: Number((longest / 1000).toFixed(1)),
    cpu_share: Number((sum / (seconds * 1e6)).toFixed(3)),
  };
}
