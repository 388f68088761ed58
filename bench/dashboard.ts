import { join, resolve } from 'node:path';
import { startChild } from '@sensor-sentinel/start/child-process.ts';
import { requireChromium } from '@sensor-sentinel/start/required-programs.ts';
import { type Browser, chromium } from 'playwright-core';
import type { Bench, Figures, Flags } from './bench.ts';
import { startArrivals } from './load/arrivals.ts';
import { startCountingProxy } from './load/count-traffic.ts';
import { fill, toSensorId } from './load/fill.ts';
import { type Goal, median, printGoals, runRounds, toMedians } from './rounds.ts';
import {
  type DatabaseServer,
  type HttpServer,
  provideServer,
  root,
  startApi,
  startServer,
} from './servers.ts';
import { timeReadings, watchPage } from './watch-page.ts';

interface Load {
  perSecond: number;
  sensors: number;
  maxRequests: number;
  maxMb: number;
}

const loads: readonly Load[] = [
  { perSecond: 2, sensors: 2, maxRequests: 120, maxMb: 2 },
  { perSecond: 22, sensors: 205, maxRequests: 240, maxMb: 6 },
];
const maxTaskMs = 100;
const maxShownMs = 1000;

/** The live overview in a browser, of this checkout and in turns of another one, while readings arrive. */
export async function benchDashboard(bench: Bench, flags: Flags) {
  const { rounds = 1, rows, minutes, databaseUrl, against } = flags;
  const executablePath = requireChromium(console.log);
  const server = await provideServer(bench, databaseUrl);
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  const browser = await chromium.launch({ executablePath, args });
  bench.defer(() => browser.close());
  const checkouts = { here: root, ...(against !== undefined && { there: resolve(against) }) };
  const sites: Record<string, string> = {};
  for (const [name, checkout] of Object.entries(checkouts))
    sites[name] = await buildDashboard(bench, name, checkout);
  const stored = Math.min(...rows);
  const measured = [];
  for (const load of loads) {
    const turns = Object.entries(checkouts).map(([name, checkout]) => {
      const place = { name, checkout, site: sites[name] ?? '' };
      return [name, () => measure(bench, { server, browser, place, load, stored, minutes })] as const;
    });
    const ofLoad = await runRounds(rounds, Object.fromEntries(turns));
    const title = `${load.perSecond} readings/s from ${load.sensors} sensors, ${minutes} min`;
    printGoals(title, listGoals(load, toMedians(ofLoad, 'here')));
    measured.push({ load, rounds: ofLoad });
  }
  return { server: server.settings, minutes, stored, measured };
}

/** As for production. */
async function buildDashboard(bench: Bench, name: string, checkout: string): Promise<string> {
  const site = join(bench.folder, `${name}-dashboard`);
  const build = startChild({
    name: `${name} build`,
    command: [...toVite(checkout), 'build', ...toSite(checkout, site), '--emptyOutDir', '--logLevel', 'warn'],
    environment: { NODE_ENV: 'production' },
    logFile: join(bench.folder, 'logs', `${name}-build.log`),
  });
  bench.defer(() => build.stop(5000));
  const how = await build.exited;
  if (how !== 'exit code 0') throw new Error(`the dashboard cannot be built (${how}): see ${build.logFile}`);
  return site;
}

const toVite = (checkout: string) => [process.execPath, join(checkout, 'node_modules/vite/bin/vite.js')];
const toSite = (checkout: string, site: string) => [join(checkout, 'services/dashboard'), '--outDir', site];

interface Turn {
  server: DatabaseServer;
  browser: Browser;
  /** The checkout, and where its dashboard is built. */
  place: { name: string; checkout: string; site: string };
  load: Load;
  /** Readings that are stored before the page is opened. */
  stored: number;
  minutes: number;
}

async function measure(bench: Bench, turn: Turn): Promise<Figures> {
  const { server, browser, place, load, stored, minutes } = turn;
  const { name, checkout, site } = place;
  const api = await startApi(bench, server, { name: `${name}_${load.sensors}`, checkout });
  await fill(api.port, { rows: stored, sensors: load.sensors });
  const dashboard = await startServer(bench, {
    name: 'dashboard',
    command: [...toVite(checkout), 'preview', ...toSite(checkout, site), '--port'],
    environment: (port) => ({
      API_URL: `http://127.0.0.1:${api.port}`,
      DASHBOARD_PORT: String(port),
    }),
  });
  const sensorIds = Array.from({ length: load.sensors }, (_, sensor) => toSensorId(sensor));
  const arrivals = startArrivals({ port: api.port, perSecond: load.perSecond, sensorIds });
  const proxy = await startCountingProxy(bench, dashboard.port);
  const url = `http://127.0.0.1:${proxy.port}/?mode=live&range=15m`;
  const watched = await watchPage(browser, { url, minutes, count: proxy.count });
  const shown_ms = await timeReadings(browser, url, api.port);
  await arrivals.stop();
  await stopAll([dashboard, api]);
  if (watched.errors.length > 0)
    console.log(`errors of the page: ${[...new Set(watched.errors)].join('; ')}`);
  const third = Math.max(1, Math.floor(watched.heap_mb.length / 3));
  return {
    requests_per_minute: watched.requests_per_minute,
    mb_per_minute: watched.bytes_per_minute / 1e6,
    longest_task_ms: Math.max(...watched.longest_task_ms),
    core_share: watched.cpu_share,
    heap_growth: median(watched.heap_mb.slice(-third)) / median(watched.heap_mb.slice(0, third)),
    shown_ms: median(shown_ms),
    longest_shown_ms: Math.max(...shown_ms),
  };
}

async function stopAll(servers: readonly HttpServer[]): Promise<void> {
  for (const { stop } of servers) await stop();
}

function listGoals({ maxRequests, maxMb }: Load, figures: Figures): Goal[] {
  const measured = (name: string) => figures[name] ?? Number.NaN;
  return [
    { what: 'requests/min', measured: measured('requests_per_minute'), atMost: maxRequests },
    { what: 'MB/min', measured: measured('mb_per_minute'), atMost: maxMb },
    { what: 'longest task, ms of processor time', measured: measured('longest_task_ms'), atMost: maxTaskMs },
    { what: 'heap, last third / first', measured: measured('heap_growth'), atMost: 1.1 },
    { what: 'from answer to screen, ms, median', measured: measured('shown_ms') },
    {
      what: 'from answer to screen, ms, longest',
      measured: measured('longest_shown_ms'),
      atMost: maxShownMs,
    },
    { what: 'share of one core', measured: measured('core_share') },
  ];
}
