import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import type { Traffic } from './load/count-traffic.ts';

/** What a page did while it was watched. */
export interface Watched {
  requests_per_minute: number;
  bytes_per_minute: number;
  /** The processor time of the longest task of the page's main thread in each sample. */
  longest_task_ms: number[];
  /** At the end of each sample, after a garbage collection. */
  heap_mb: number[];
  errors: string[];
  /** Processor time of the main thread, as a share of one core. */
  cpu_share: number;
}

const warmUpMs = 20_000;
const samplesPerMinute = 2;
const viewport = { width: 1440, height: 1200 };

interface Watching {
  url: string;
  minutes: number;
  /** What has been asked and answered so far. */
  count: () => Traffic;
}

/** Opens a page, lets it settle, and watches it for some minutes. */
export async function watchPage(browser: Browser, { url, minutes, count }: Watching): Promise<Watched> {
  const page = await browser.newPage({ viewport });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(url);
  await page.getByRole('region', { name: 'Alert' }).waitFor({ timeout: 60_000 });
  await delay(warmUpMs);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const heap_mb = [await measureHeapMb(session)];
  const cpuBefore = await readMetric(session, 'TaskDuration');
  const before = { ...count(), atMs: performance.now() };
  const longest_task_ms: number[] = [];
  for (let sample = 1; sample <= minutes * samplesPerMinute; sample++) {
    const longest = await findLongestTask(browser, page, 60_000 / samplesPerMinute);
    const heap = await measureHeapMb(session);
    longest_task_ms.push(longest);
    heap_mb.push(heap);
    const minute = sample / samplesPerMinute;
    console.log(`minute ${minute}: heap ${heap.toFixed(1)} MB, longest task ${longest.toFixed(0)} ms`);
  }
  const cpuSeconds = (await readMetric(session, 'TaskDuration')) - cpuBefore;
  const traffic = count();
  // A busy machine needs some time between the samples.
  const watchedMinutes = (performance.now() - before.atMs) / 60_000;
  await page.close();
  return {
    requests_per_minute: (traffic.requests - before.requests) / watchedMinutes,
    bytes_per_minute: (traffic.bytes - before.bytes) / watchedMinutes,
    longest_task_ms,
    heap_mb,
    errors,
    cpu_share: cpuSeconds / (watchedMinutes * 60),
  };
}

async function readMetric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

async function measureHeapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await readMetric(session, 'JSHeapUsedSize')) / 1e6;
}

const traceEvents = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      tdur: z.number().optional(),
      args: z.object({ name: z.unknown() }).partial().optional(),
    }),
  ),
});

/** The processor time of the longest task of the page within some time, in ms. */
async function findLongestTask(browser: Browser, page: Page, durationMs: number): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await delay(durationMs);
  const trace = await browser.stopTracing();
  const events = traceEvents.parse(JSON.parse(trace.toString())).traceEvents;
  const mainThreads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(({ name, pid, tid }) => name === 'RunTask' && mainThreads.has(`${pid} ${tid}`));
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1000), 0);
}

const probeSensor = 'probe';
const probes = 20;

/** Milliseconds from the answer to a reading to its value on the page of its sensor, one reading after the other. */
export async function timeReadings(browser: Browser, url: string, apiPort: number): Promise<number[]> {
  const page = await browser.newPage({ viewport });
  const send = (temperature: number) =>
    axios.post(`http://127.0.0.1:${apiPort}/predict`, {
      ...{ temperature, humidity: 51, sound_volume: 60, sensor_id: probeSensor },
    });
  const isShown = (temperature: number) =>
    page.waitForFunction(
      `[...document.querySelectorAll('td')].some((cell) => parseFloat(cell.textContent) === ${temperature})`,
    );
  await send(9);
  await page.goto(`${url}&sensor=${probeSensor}`);
  await isShown(9);
  const times: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    const temperature = (100 + probe) / 10;
    const shown = isShown(temperature).then(() => performance.now()); // looks in every frame
    await send(temperature);
    const answeredAt = performance.now();
    times.push((await shown) - answeredAt);
  }
  await page.close();
  return times;
}
