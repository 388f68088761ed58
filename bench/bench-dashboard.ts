import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireChromium } from '@sensor-sentinel/start/require-chromium.ts';
import { launchBrowser } from './dashboard/launch-browser.ts';
import { startDashboard } from './dashboard/start-dashboard.ts';
import { toDashboardTable } from './dashboard/summary.ts';
import { timeRows } from './dashboard/time-rows.ts';
import { watchPage } from './dashboard/watch-page.ts';
import { describeMachine } from './measuring/machine.ts';
import { startArrivals } from './reads/arrivals.ts';
import { fill, toSensorId } from './reads/fill.ts';
import { createDatabase, describeSettings, makePassword, provideServer } from './system/database.ts';
import { startApi } from './system/http-server.ts';
import type { Stack } from './system/stack.ts';

export interface DashboardBenchOptions {
  /** The most of these are stored. */
  rows: readonly number[];
  minutes: number;
  databaseUrl: string | undefined;
  stack: Stack;
  say: (line: string) => void;
}

const arrivalsPerSecond = 200;
const sensors = 4;

/** A browser on the live overview, while readings arrive: its longest tasks, its heap over time, its delay. */
export async function benchDashboard({ rows, minutes, databaseUrl, stack, say }: DashboardBenchOptions) {
  const chromiumPath = requireChromium(say);
  const folder = await mkdtemp(join(tmpdir(), 'bench-dashboard-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await provideServer({ databaseUrl, folder, stack, say });
  say(`${describeSettings(server)}\n`);
  const name = `sentinel_bench_${process.pid}_dashboard`;
  const database = await createDatabase({ server, name, apiPassword: makePassword(), folder, stack });
  const filling = { rows: Math.max(...rows), sensors };
  const { seconds } = await fill(database, filling);
  say(`${filling.rows.toLocaleString('en')} rows: filled in ${seconds.toFixed(0)} s`);
  const { port } = await startApi({ databaseUrl: database.apiUrl, folder, stack });
  const dashboard = await startDashboard({ apiPort: port, folder, stack });
  const sensorIds = Array.from({ length: sensors }, (_, sensor) => toSensorId(sensor));
  const arrivals = startArrivals({ port, perSecond: arrivalsPerSecond, sensorIds });
  stack.defer(() => arrivals.stop());
  const url = `http://127.0.0.1:${dashboard.port}/?mode=live&range=15m`;
  const browser = await launchBrowser(chromiumPath, stack);
  const watched = await watchPage(browser, { url, minutes, say });
  const [, load_average = Number.NaN] = loadavg();
  const shown_ms = await timeRows(browser, { url, apiPort: port });
  const result = {
    rows: filling.rows,
    minutes,
    load_average,
    arrived: await arrivals.stop(),
    shown_ms,
    ...watched,
  };
  say(`\n${toDashboardTable(result)}\n`);
  if (watched.errors.length > 0) say(`faults of the page: ${[...new Set(watched.errors)].join('; ')}`);
  return { machine: describeMachine(), server: server.settings, ...result };
}
