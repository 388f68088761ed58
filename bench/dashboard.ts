import { join } from 'node:path';
import { startChild } from '@sensor-sentinel/start/child-process.ts';
import { requireChromium } from '@sensor-sentinel/start/system-packages.ts';
import { chromium } from 'playwright-core';
import type { Flags } from './bench.ts';
import { type Bench, describeMachine } from './bench.ts';
import { type Sample, timeRows, watchPage } from './dashboard/watch-page.ts';
import { createDatabase, provideServer, root } from './database.ts';
import { startArrivals } from './load/arrivals.ts';
import { fill, toSensorId } from './reads/fill.ts';
import { format, type Goal, median, percent, toGoalsTable } from './rounds.ts';
import { type HttpServer, startApi, startServer } from './servers.ts';

const arrivalsPerSecond = 200;
const sensors = 4;
const maxTaskMs = 100;
/** Half minutes in which the host stole more of the CPU say little about the page. */
const maxStolenShare = 0.1;

/** The dashboard as it is built for production, in front of an API. */
async function startDashboard(bench: Bench, apiPort: number): Promise<HttpServer> {
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
    environment: (port) => ({ API_URL: `http://127.0.0.1:${apiPort}`, DASHBOARD_PORT: String(port) }),
  });
}

interface Watched {
  samples: readonly Sample[];
  traced: { longest_cpu_ms: number; cpu_share: number };
  shown_ms: readonly number[];
}

function listGoals({ samples, traced, shown_ms }: Watched): Goal[] {
  const watched = samples.slice(1);
  const tasks = watched.flatMap(({ long_tasks_ms }) => long_tasks_ms);
  const undisturbed = watched.filter(({ stolen_share }) => stolen_share <= maxStolenShare);
  const longestUndisturbed = Math.max(0, ...undisturbed.flatMap(({ long_tasks_ms }) => long_tasks_ms));
  const third = Math.max(1, Math.floor(samples.length / 3));
  const heap = samples.map(({ heap_mb }) => heap_mb);
  const [first, last] = [median(heap.slice(0, third)), median(heap.slice(-third))];
  const halfMinutes = `${undisturbed.length} of ${watched.length} half minutes`;
  return [
    {
      what: 'longest task (0: none above 50 ms)',
      measured: Math.max(0, ...tasks),
      atMost: maxTaskMs,
      unit: ' ms',
    },
    {
      what: `longest task in ${halfMinutes} with ≤ ${percent(maxStolenShare)} stolen`,
      measured: undisturbed.length > 0 ? longestUndisturbed : Number.NaN,
      ...{ atMost: maxTaskMs, unit: ' ms' },
    },
    { what: 'tasks above 50 ms', measured: tasks.length },
    { what: `tasks above ${maxTaskMs} ms`, measured: tasks.filter((ms) => ms > maxTaskMs).length, atMost: 0 },
    { what: 'longest task, CPU time', measured: traced.longest_cpu_ms, atMost: maxTaskMs, unit: ' ms' },
    { what: 'share of one core', measured: traced.cpu_share },
    { what: 'answer to row, median', measured: median(shown_ms), unit: ' ms' },
    { what: 'answer to row, longest', measured: Math.max(...shown_ms), atMost: 1000, unit: ' ms' },
    { what: 'heap in the last third', measured: last, unit: ' MB' },
    { what: 'heap, last third / first', measured: last / first, atMost: 1.1 },
  ];
}

/** A browser on the live overview, while readings arrive: its longest tasks, its heap over time, its delay. */
export async function benchDashboard(bench: Bench, { rows, minutes, databaseUrl }: Flags) {
  const { say } = bench;
  const executablePath = requireChromium(say);
  const server = await provideServer(bench, databaseUrl);
  const database = await createDatabase(bench, server, { name: 'dashboard' });
  const stored = Math.max(...rows);
  say(
    `${stored.toLocaleString('en')} rows: filled in ${format(await fill(database, { rows: stored, sensors }))} s`,
  );
  const { port } = await startApi(bench, database.apiUrl);
  const dashboard = await startDashboard(bench, port);
  const sensorIds = Array.from({ length: sensors }, (_, sensor) => toSensorId(sensor));
  const arrivals = startArrivals(bench, { port, perSecond: arrivalsPerSecond, sensorIds });
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  const browser = await chromium.launch({ executablePath, args });
  bench.defer(() => browser.close());
  const url = `http://127.0.0.1:${dashboard.port}/?mode=live&range=15m`;
  const watched = await watchPage(browser, { url, minutes, say });
  const shown_ms = await timeRows(browser, { url, apiPort: port });
  const arrived = await arrivals.stop();
  const goals = listGoals({ ...watched, shown_ms });
  const title = `live, ${minutes} min, ${stored.toLocaleString('en')} readings stored, ${format(arrived.per_second)} arriving/s`;
  say(`\n${toGoalsTable(title, goals)}\n\n${format(watched.requests / minutes)} requests per minute`);
  if (watched.errors.length > 0) say(`errors of the page: ${[...new Set(watched.errors)].join('; ')}`);
  return {
    machine: describeMachine(),
    server: server.settings,
    minutes,
    arrived,
    goals,
    shown_ms,
    ...watched,
  };
}
