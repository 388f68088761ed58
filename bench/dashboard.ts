import { join } from 'node:path';
import { startChild } from '@sensor-sentinel/start/child-process.ts';
import { requireChromium } from '@sensor-sentinel/start/required-programs.ts';
import { chromium } from 'playwright-core';
import type { Bench, Flags } from './bench.ts';
import { startArrivals } from './load/arrivals.ts';
import { fill, toSensorId } from './load/fill.ts';
import { type Goal, median, printGoals, toRounded } from './rounds.ts';
import { type HttpServer, provideServer, root, startApi, startServer } from './servers.ts';
import { timeRows, type Watched, watchPage } from './watch-page.ts';

const arrivalsPerSecond = 200;
const sensors = 4;
const maxTaskMs = 100;

/** The dashboard as it is built for production, in front of an API. */
async function startDashboard(bench: Bench, api: HttpServer): Promise<HttpServer> {
  const vite = [process.execPath, join(root, 'node_modules/vite/bin/vite.js')];
  const site = [join(root, 'services/dashboard'), '--outDir', join(bench.folder, 'dashboard')];
  const build = startChild({
    name: 'dashboard build',
    command: [...vite, 'build', ...site, '--emptyOutDir', '--logLevel', 'warn'],
    environment: { NODE_ENV: 'production' },
    logFile: join(bench.folder, 'logs', 'dashboard-build.log'),
  });
  bench.defer(() => build.stop(5000));
  const how = await build.exited;
  if (how !== 'exit code 0') throw new Error(`the dashboard cannot be built (${how}): see ${build.logFile}`);
  return startServer(bench, {
    name: 'dashboard',
    command: [...vite, 'preview', ...site, '--port'],
    environment: (port) => ({
      API_URL: `http://127.0.0.1:${api.port}`,
      DASHBOARD_PORT: String(port),
    }),
  });
}

function listGoals({ long_tasks_ms, heap_mb, cpu_share }: Watched, shown_ms: readonly number[]): Goal[] {
  const third = Math.max(1, Math.floor(heap_mb.length / 3));
  const growth = median(heap_mb.slice(-third)) / median(heap_mb.slice(0, third));
  const longest = Math.max(0, ...long_tasks_ms);
  return [
    { what: 'longest task in ms (0: none above 50 ms)', measured: longest, atMost: maxTaskMs },
    { what: 'tasks above 50 ms', measured: long_tasks_ms.length },
    {
      what: `tasks above ${maxTaskMs} ms`,
      measured: long_tasks_ms.filter((ms) => ms > maxTaskMs).length,
      atMost: 0,
    },
    { what: 'share of one core', measured: cpu_share },
    { what: 'answer to row in ms, median', measured: median(shown_ms) },
    { what: 'answer to row in ms, longest', measured: Math.max(...shown_ms), atMost: 1000 },
    { what: 'heap, last third / first', measured: growth, atMost: 1.1 },
  ];
}

/** A browser on the live overview, while readings arrive: its longest tasks, its heap over time, its delay. */
export async function benchDashboard(bench: Bench, { rows, minutes, databaseUrl }: Flags) {
  const executablePath = requireChromium(console.log);
  const server = await provideServer(bench, databaseUrl);
  const api = await startApi(bench, server, { name: 'api' });
  const stored = Math.max(...rows);
  const fillSeconds = await fill(api.port, { rows: stored, sensors });
  console.log(`${stored} rows: filled in ${toRounded(fillSeconds)} s`);
  const dashboard = await startDashboard(bench, api);
  const sensorIds = Array.from({ length: sensors }, (_, sensor) => toSensorId(sensor));
  const arrivals = startArrivals({ port: api.port, perSecond: arrivalsPerSecond, sensorIds });
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  const browser = await chromium.launch({ executablePath, args });
  bench.defer(() => browser.close());
  const url = `http://127.0.0.1:${dashboard.port}/?mode=live&range=15m`;
  const watched = await watchPage(browser, url, minutes);
  const shown_ms = await timeRows(browser, url, api.port);
  const arrived = await arrivals.stop();
  const goals = listGoals(watched, shown_ms);
  const load = `${stored} readings stored, ${toRounded(arrived)} arriving/s`;
  printGoals(`live, ${minutes} min, ${load}, ${toRounded(watched.requests / minutes)} requests/min`, goals);
  if (watched.errors.length > 0)
    console.log(`errors of the page: ${[...new Set(watched.errors)].join('; ')}`);
  return { server: server.settings, minutes, arrived, goals, shown_ms, ...watched };
}
