import { setTimeout as delay } from 'node:timers/promises';
import axios from 'axios';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';

/** What a page did while it was watched. */
export interface Watched {
  /** Tasks of its main thread above 50 ms. */
  long_tasks_ms: number[];
  /** Twice a minute, after a garbage collection. */
  heap_mb: number[];
  requests: number;
  errors: string[];
  /** CPU time of its main thread, as a share of one core. */
  cpu_share: number;
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

async function readMetric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

async function measureHeapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await readMetric(session, 'JSHeapUsedSize')) / 1e6;
}

/** Opens a page, lets it settle, and watches it for some minutes. */
export async function watchPage(browser: Browser, url: string, minutes: number): Promise<Watched> {
  const page = await browser.newPage({ viewport });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.addInitScript(observeLongTasks);
  await page.goto(url);
  await page.locator('.nsewdrag').first().waitFor({ timeout: 60_000 });
  await delay(warmUpMs);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let requests = 0;
  page.on('request', () => {
    requests++;
  });
  const heap_mb = [await measureHeapMb(session)];
  const cpuBefore = await readMetric(session, 'TaskDuration');
  const long_tasks_ms: number[] = [];
  for (let sample = 1; sample <= minutes * samplesPerMinute; sample++) {
    await takeLongTasks(page); // of the collection, which is forced
    await delay(60_000 / samplesPerMinute);
    const tasks = await takeLongTasks(page);
    const heap = await measureHeapMb(session);
    long_tasks_ms.push(...tasks);
    heap_mb.push(heap);
    const minute = sample / samplesPerMinute;
    console.log(`minute ${minute}: heap ${heap.toFixed(1)} MB, longest task ${Math.max(0, ...tasks)} ms`);
  }
  const cpuSeconds = (await readMetric(session, 'TaskDuration')) - cpuBefore;
  await page.close();
  return { long_tasks_ms, heap_mb, requests, errors, cpu_share: cpuSeconds / (minutes * 60) };
}

const probeSensor = 'probe';
const probes = 30;

/** Milliseconds from the answer to a reading to its row in the live table of its sensor, one reading after the other. */
export async function timeRows(browser: Browser, url: string, apiPort: number): Promise<number[]> {
  const page = await browser.newPage({ viewport });
  await page.goto(`${url}&sensor=${probeSensor}`);
  await page.getByRole('table', { name: 'Readings' }).waitFor();
  const cells = `[...document.querySelectorAll('[aria-label="Readings"] td')]`;
  const times: number[] = [];
  for (let probe = 0; probe <= probes; probe++) {
    const temperature = 10 + probe / 10;
    const hasCell = `${cells}.some((cell) => cell.textContent === '${temperature.toFixed(1)}')`;
    const shown = page.waitForFunction(hasCell).then(() => performance.now()); // looks in every frame
    const reading = { temperature, humidity: 51, sound_volume: 60, sensor_id: probeSensor };
    await axios.post(`http://127.0.0.1:${apiPort}/predict`, reading);
    const answeredAt = performance.now();
    times.push((await shown) - answeredAt);
  }
  await page.close();
  return times.slice(1); // with the first row, the page loads what draws it
}
