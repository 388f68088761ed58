import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import { createStolenTimeMeter } from '../system/stolen-time.ts';
import { type TracedTasks, traceTasks } from './trace-tasks.ts';

/** Chrome tells of tasks above 50 ms. */
export interface LongTask {
  start_ms: number;
  duration_ms: number;
}

/** After garbage was collected. */
export interface HeapSample {
  minute: number;
  /** Since the sample before; 0 where no task was above 50 ms. */
  longest_task_ms: number;
  /** The share of the processors that the host gave to others since then. */
  stolen_share: number;
  heap_mb: number;
  nodes: number;
  listeners: number;
}

export interface WatchedPage {
  heap: HeapSample[];
  long_tasks: LongTask[];
  /** What the page asked the API while it was watched. */
  requests: number;
  errors: string[];
  traced: TracedTasks;
}

interface WatchOptions {
  url: string;
  minutes: number;
  say: (line: string) => void;
}

const warmUpMs = 20_000;
const samplesPerMinute = 2;

const observeLongTasks = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      globalThis.longTasks.push({ start_ms: Math.round(startTime), duration_ms: Math.round(duration) });
  }).observe({ type: 'longtask', buffered: true });`;

const longTasksSchema = z.array(z.object({ start_ms: z.number(), duration_ms: z.number() }));

async function measureHeap(
  session: CDPSession,
): Promise<Pick<HeapSample, 'heap_mb' | 'nodes' | 'listeners'>> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const read = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    heap_mb: Number((read('JSHeapUsedSize') / 1e6).toFixed(2)),
    nodes: read('Nodes'),
    listeners: read('JSEventListeners'),
  };
}

function describeSample({ minute, heap_mb, nodes, longest_task_ms, stolen_share }: HeapSample): string {
  const stolen = (100 * stolen_share).toFixed(1);
  return (
    `minute ${minute.toFixed(1)}: heap ${heap_mb.toFixed(1)} MB, ${nodes} nodes, ` +
    `longest task ${longest_task_ms} ms, ${stolen} % of the processors taken by the host`
  );
}

/** The long tasks since the last call. */
async function takeLongTasks(page: Page): Promise<LongTask[]> {
  return longTasksSchema.parse(await page.evaluate('globalThis.longTasks.splice(0)'));
}

/** Opens a page, lets it come to rest, and watches it for some minutes. */
export async function watchPage(browser: Browser, { url, minutes, say }: WatchOptions): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1200 } });
  const watched: Omit<WatchedPage, 'traced'> = { heap: [], long_tasks: [], requests: 0, errors: [] };
  page.on('pageerror', ({ message }) => watched.errors.push(message));
  await page.addInitScript(observeLongTasks);
  await page.goto(url);
  await page.getByRole('slider', { name: 'Crosshair' }).waitFor({ timeout: 60_000 });
  await delay(warmUpMs);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await takeLongTasks(page);
  page.on('request', () => {
    watched.requests++;
  });
  const takeStolenTime = createStolenTimeMeter();
  for (let sample = 0; sample <= minutes * samplesPerMinute; sample++) {
    if (sample > 0) await delay(60_000 / samplesPerMinute);
    // Before garbage is collected by force, which takes as long as a long task.
    const tasks = await takeLongTasks(page);
    const taken = {
      minute: sample / samplesPerMinute,
      longest_task_ms: tasks.reduce((most, { duration_ms }) => Math.max(most, duration_ms), 0),
      stolen_share: takeStolenTime(),
      ...(await measureHeap(session)),
    };
    // Before the first sample it is not watched yet.
    if (sample > 0) watched.long_tasks.push(...tasks);
    watched.heap.push(taken);
    say(describeSample(taken));
    await takeLongTasks(page);
  }
  const traced = await traceTasks(page);
  await page.close();
  return { ...watched, traced };
}
