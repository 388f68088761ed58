import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { statsSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { launchBrowser } from '../testing/browser.ts';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';
import { anomalousValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';

const limitMs = 120_000;
const folder = join(import.meta.dirname, '../../docs/images');

const shots = [
  {
    name: 'dashboard-light',
    width: 1440,
    height: 1180,
    colorScheme: 'light',
    query: '?range=1h',
    isAnomaly: false,
  },
  {
    name: 'dashboard-narrow',
    width: 390,
    height: 1500,
    colorScheme: 'light',
    query: '?range=15m',
    isAnomaly: false,
  },
  {
    name: 'dashboard-dark',
    width: 1440,
    height: 1180,
    colorScheme: 'dark',
    query: '?range=1h',
    isAnomaly: true,
  },
] as const;

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
  for (const { name, width, height, colorScheme, query, isAnomaly } of shots) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(`${system.dashboardUrl}/${query}`);
    await page.getByRole('img', { name: /^Noise level over time/ }).waitFor();
    const headline = isAnomaly ? 'Anomaly detected' : 'No anomaly detected';
    if (isAnomaly) await postReading(system.apiUrl, { ...anomalousValues, sensor_id: 'greenhouse' });
    await page.getByRole('region', { name: 'Alert' }).getByText(headline, { exact: true }).waitFor();
    await page.locator('.nsewdrag').nth(2).waitFor();
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
  await browser.close();
} finally {
  await system.stop();
  system.remove();
}
