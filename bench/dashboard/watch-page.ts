import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import { createStolenTimeMeter } from '../bench.ts';
import { percent } from '../rounds.ts';

/** Half a minute of a page; the heap is measured after a garbage collection. */
export interface Sample {
  minute: number;
  heap_mb: number;
  nodes: number;
  /** Tasks above 50 ms since the sample before. */
  long_tasks_ms: number[];
  stolen_share: number;
}

interface WatchOptions {
  url: string;
  minutes: number;
  say: (line: string) => void;
}

const warmUpMs = 20_000;
const samplesPerMinute = 2;
const viewport = { width: 1440, height: 1200 };

const observeLongTasks = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    globalThis.longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)));
  }).observe({ type: 'longtask', buffered: true });`;

async function takeLongTasks(page: Page): Promise<number[]> {
  return z.array(z.number()).parse(await page.evaluate('globalThis.longTasks.splice(0)'));
}

async function measureHeap(session: CDPSession): Promise<{ heap_mb: number; nodes: number }> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const read = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heap_mb: read('JSHeapUsedSize') / 1e6, nodes: read('Nodes') };
}

/** Opens a page, lets it settle, and watches it for some minutes. */
export async function watchPage(browser: Browser, { url, minutes, say }: WatchOptions) {
  const page = await browser.newPage({ viewport });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.addInitScript(observeLongTasks);
  await page.goto(url);
  await page.getByRole('slider', { name: 'Crosshair' }).waitFor({ timeout: 60_000 });
  await delay(warmUpMs);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  let requests = 0;
  page.on('request', () => {
    requests++;
  });
  const takeStolenTime = createStolenTimeMeter();
  const samples: Sample[] = [];
  for (let number = 0; number <= minutes * samplesPerMinute; number++) {
    await takeLongTasks(page); // of the collection, which is forced
    if (number > 0) await delay(60_000 / samplesPerMinute);
    const times = { long_tasks_ms: await takeLongTasks(page), stolen_share: takeStolenTime() };
    const sample = { minute: number / samplesPerMinute, ...times, ...(await measureHeap(session)) };
    samples.push(sample);
    const longest = Math.max(0, ...sample.long_tasks_ms);
    const stolen = `${percent(sample.stolen_share)} of the CPU stolen`;
    say(
      `minute ${sample.minute}: heap ${sample.heap_mb.toFixed(1)} MB, ${sample.nodes} nodes, longest task ${longest} ms, ${stolen}`,
    );
  }
  const traced = await traceTasks(page);
  await page.close();
  return { samples, requests, errors, traced };
}

const traceSeconds = 20;

const traceSchema = z.object({
  traceEvents: z.array(
    z.looseObject({
      ...{ name: z.string(), ph: z.string(), pid: z.int(), tid: z.int() },
      ...{ ts: z.number().default(0), dur: z.number().default(0) },
      /** Microseconds of CPU. */
      tdur: z.number().default(0),
      args: z.looseObject({ name: z.string().optional().catch(undefined) }).default({}),
    }),
  ),
});

/** CPU time of the page's tasks, which other programs do not change: of the longest one, and the share of one core. */
async function traceTasks(page: Page): Promise<{ longest_cpu_ms: number; cpu_share: number }> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the browser is gone');
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await delay(traceSeconds * 1000);
  const trace = (await browser.stopTracing()).toString();
  const { traceEvents } = traceSchema.parse(JSON.parse(trace));
  const toThread = ({ pid, tid }: { pid: number; tid: number }) => `${pid}:${tid}`;
  const mains = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const threads = new Set(mains.map(toThread));
  const tasks = traceEvents
    .filter((event) => event.ph === 'X' && event.name.includes('RunTask') && threads.has(toThread(event)))
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur);
  // Two layers of the browser report each task: the outer one counts.
  let [end, longest, sum] = [0, 0, 0];
  for (const { ts, dur, tdur } of tasks) {
    if (ts + dur <= end) continue;
    end = ts + dur;
    longest = Math.max(longest, tdur);
    sum += tdur;
  }
  return { longest_cpu_ms: longest / 1000, cpu_share: sum / (traceSeconds * 1e6) };
}

const probeSensor = 'probe';
const probes = 30;

/** Resolves with the time at which the text is in a cell of the table. */
const waitForCell = (text: string) => `
  new Promise((resolve) => {
    const look = () => {
      const cells = document.querySelectorAll('[aria-label="Readings"] td');
      if (![...cells].some((cell) => cell.textContent === ${JSON.stringify(text)})) return;
      observer.disconnect();
      resolve(Date.now());
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  })`;

/** Milliseconds from the answer to a reading to its row in the live table of its sensor, one reading after the other. */
export async function timeRows(
  browser: Browser,
  { url, apiPort }: { url: string; apiPort: number },
): Promise<number[]> {
  const page = await browser.newPage({ viewport });
  await page.goto(`${url}&sensor=${probeSensor}`);
  await page.getByRole('table', { name: 'Readings' }).waitFor();
  const times: number[] = [];
  for (let probe = 0; probe <= probes; probe++) {
    const temperature = 10 + probe / 10;
    const shown = page.evaluate(waitForCell(temperature.toFixed(1)));
    const reading = { temperature, humidity: 51, sound_volume: 60, sensor_id: probeSensor };
    await axios.post(`http://127.0.0.1:${apiPort}/predict`, reading);
    const answeredAt = Date.now();
    times.push(z.number().parse(await shown) - answeredAt);
  }
  await page.close();
  return times.slice(1); // with the first row, the page loads what draws it
}
