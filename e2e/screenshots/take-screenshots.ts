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

async function showAnomaly(page: Page): Promise<void> {
  await page.getByRole('img', { name: /Noise level over time/ }).waitFor();
  await postReading(system.apiUrl, { ...anomalousValues, sensor_id: 'greenhouse' });
  const alert = page.getByRole('region', { name: 'Alert' });
  await alert.getByRole('heading', { name: /Anomaly detected|incident/i }).waitFor();
  await page.locator('.nsewdrag').nth(2).waitFor();
}

async function showExplanation(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Filter prediction' }).selectOption({ label: 'Anomaly' });
  await page
    .getByRole('row', { name: /Anomaly/ })
    .nth(3)
    .waitFor();
  // A pointer may miss a row that moves between its going down and up.
  await page.getByRole('button', { name: /^Why/ }).nth(2).press('Enter');
  await page.getByRole('table', { name: 'Contributions' }).waitFor();
}

async function compareRules(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByRole('link', { name: /^Try/ }).click();
  await page.getByRole('combobox', { name: 'Condition' }).selectOption({ label: 'Anomalies in a row' });
  await page.getByText(/^\d+ incidents? (instead of|,)/).waitFor();
  await page.locator('.nsewdrag').waitFor();
}

/** The screenshots of the README and of docs/rule-preview.md; each function waits until the page shows what the picture is of. */
const shots = {
  'dashboard-dark': showAnomaly,
  'explanation-dark': showExplanation,
  'rules-dark': compareRules,
};

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
  for (const [name, prepare] of Object.entries(shots)) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1180 }, colorScheme: 'dark' });
    await page.goto(`${system.dashboardUrl}/?range=1h`);
    await prepare(page);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
  await browser.close();
} finally {
  await system.stop();
  system.remove();
}
