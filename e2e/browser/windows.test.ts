import type { BrowserContext, Page } from '@playwright/test';
import axios from 'axios';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl, dashboardUrl } from './running-system.ts';

/** Opens more windows than a browser opens connections to a server. */
async function openWindows(
  context: BrowserContext,
  toQuery: (index: number) => string,
  url = dashboardUrl,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let index = 0; index < 8; index += 1) {
    const page = await context.newPage();
    pages.push(page);
    await page.goto(`${url}/${toQuery(index)}`);
  }
  return pages;
}

/** Repeats its last values every second, because a sensor that sends nothing for a while is shown as silent. */
async function startSensor(url: string, sensor_id: string) {
  let values = anomalousValues;
  const send = () => postReading(url, { ...values, sensor_id });
  await send();
  const timer = setInterval(() => void send(), 1000);
  return {
    report(next: typeof normalValues) {
      values = next;
      return send();
    },
    stop: () => clearInterval(timer),
  };
}

test.describe('eight windows of one browser', () => {
  for (const [name, toQuery] of [
    ['the same', () => ''],
    ['the type by name', (index: number) => (index % 2 === 0 ? '' : '?type=climate')],
    ['several views', (index: number) => `?view=${['alerts', 'sensors', 'ledger', 'model'][index % 4]}`],
    ['a type each', (index: number) => `?view=alerts&type=window-${index}`],
  ] as const)
    test(`load and get answers, where they show ${name}`, async ({ context }) => {
      const features = [{ name: 'rpm', title: 'Speed', unit: '1/min' }];
      for (let index = 0; index < 8; index += 1)
        await axios.post(`${apiUrl}/types`, { name: `window-${index}`, features });
      const pages = await openWindows(context, toQuery);
      const statuses = await Promise.all(
        pages.map((page) => page.evaluate("fetch('/api/alerts').then((answer) => answer.status)")),
      );
      expect(statuses).toEqual(Array(8).fill(200));
    });

  test('follow one stream without an answer in between, also after some are closed', async ({
    context,
    ownSystem,
  }) => {
    const sensor = await startSensor(ownSystem.apiUrl, 'windows');
    const pages = await openWindows(context, () => '?view=alerts&sensor=windows', ownSystem.dashboardUrl);
    const state = (page: Page) => page.getByRole('region', { name: 'Sensor states' });
    for (const page of pages) {
      await expect(state(page).getByText('1 sensor anomalous')).toBeVisible();
      // Never answered. That needs a system of its own: many readings at once make the page refetch the alerts.
      await page.route('**/api/alerts?*', () => undefined);
    }
    await sensor.report(normalValues);
    for (const page of pages) await expect(state(page).getByText('1 sensor normal')).toBeVisible();
    for (const page of pages.splice(0, 4)) await page.close();
    await sensor.report(anomalousValues);
    for (const page of pages) await expect(state(page).getByText('1 sensor anomalous')).toBeVisible();
    sensor.stop();
  });
});
