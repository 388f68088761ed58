import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { statsSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../testing/browser.ts';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';
import { anomalousValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';

const limitMs = 120_000;
const folder = join(import.meta.dirname, '../../docs/images');

interface Shot {
  name: string;
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
  query: string;
  /** Waits until the page shows what the picture is of. */
  prepare: (page: Page) => Promise<void>;
}

async function showOverview(page: Page, headline: string): Promise<void> {
  await page.getByRole('img', { name: /^Noise level over time/ }).waitFor();
  await page.getByRole('region', { name: 'Alert' }).getByText(headline, { exact: true }).waitFor();
  await page.locator('.nsewdrag').nth(2).waitFor();
}

async function showAnomaly(page: Page): Promise<void> {
  await page.getByRole('img', { name: /^Noise level over time/ }).waitFor();
  await postReading(system.apiUrl, { ...anomalousValues, sensor_id: 'greenhouse' });
  await showOverview(page, 'Anomaly detected');
}

async function showModel(page: Page): Promise<void> {
  await page.getByRole('table', { name: 'Classifier comparison' }).waitFor();
  const checks = page.getByRole('button', { name: /^Check / });
  if ((await checks.count()) === 0) return;
  await checks.first().click();
  await page.getByText(/would be predicted differently/).waitFor();
}

async function showExplanation(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Filter prediction' }).selectOption({ label: 'Anomaly' });
  await page
    .getByRole('row', { name: /Anomaly/ })
    .nth(3)
    .waitFor();
  // A pointer may miss a row that moves between its going down and up.
  await page.getByRole('button', { name: /^Why/ }).nth(2).press('Enter');
  await page.getByRole('table', { name: 'Predictions by model' }).waitFor();
}

async function showFirstRow(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('row').nth(1).waitFor();
}

const wide = { width: 1440, height: 1180 };
const narrow = { width: 390, height: 1500 };

type Scheme = Shot['colorScheme'];

/** A page in both themes, and narrow in one of them. */
function eachWay(
  view: string,
  prepare: Shot['prepare'],
  { narrowScheme, height = wide.height }: { narrowScheme: Scheme; height?: number },
): Shot[] {
  const query = `?view=${view}`;
  const schemes: Scheme[] = ['light', 'dark'];
  return [
    ...schemes.map((colorScheme) => ({
      ...wide,
      height,
      name: `${view}-${colorScheme}`,
      colorScheme,
      query,
      prepare,
    })),
    { ...narrow, name: `${view}-narrow`, colorScheme: narrowScheme, query, prepare },
  ];
}

const showNormal = (page: Page) => showOverview(page, 'No anomaly detected');

const shots: readonly Shot[] = [
  { ...wide, name: 'dashboard-light', colorScheme: 'light', query: '?range=1h', prepare: showNormal },
  { ...narrow, name: 'dashboard-narrow', colorScheme: 'light', query: '?range=15m', prepare: showNormal },
  { ...wide, name: 'dashboard-dark', colorScheme: 'dark', query: '?range=1h', prepare: showAnomaly },
  { ...wide, name: 'explanation-dark', colorScheme: 'dark', query: '?range=1h', prepare: showExplanation },
  ...eachWay('sensors', showFirstRow, { narrowScheme: 'dark', height: 720 }),
  ...eachWay('alerts', showFirstRow, { narrowScheme: 'light', height: 900 }),
  ...eachWay('replays', showFirstRow, { narrowScheme: 'dark', height: 720 }),
  ...eachWay('ledger', showFirstRow, { narrowScheme: 'light', height: 720 }),
  ...eachWay('model', showModel, { narrowScheme: 'dark' }),
];

const signal = AbortSignal.timeout(limitMs);
const system = startLocalSystem(await createPlace());
try {
  await system.said('open http');
  await waitUntil(async () => {
    const { data } = await axios.get<unknown>(`${system.apiUrl}/stats`);
    return statsSchema.parse(data).count > 1020;
  }, signal);
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  for (const { name, width, height, colorScheme, query, prepare } of shots) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(`${system.dashboardUrl}/${query}`);
    await prepare(page);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
  await browser.close();
} finally {
  await system.stop();
  system.remove();
}
