import axios from 'axios';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { sees, test } from '../testing/dashboard-test.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';

const apiUrl = inject('apiUrl');

/** Opens more windows than a browser opens connections to a server. */
async function openWindows(context: BrowserContext, toQuery: (index: number) => string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let index = 0; index < 8; index += 1) {
    const page = await context.newPage();
    pages.push(page);
    await page.goto(`${inject('dashboardUrl')}/${toQuery(index)}`);
  }
  return pages;
}

/**
 * Repeats its last values every second, because a sensor that sends nothing for a while is shown as silent. It begins with
 * an anomaly, because of more than 1000 sensors, only the worst are listed.
 */
async function startSensor(sensor_id: string) {
  let values = anomalousValues;
  const send = () => postReading(apiUrl, { ...values, sensor_id });
  await send();
  const timer = setInterval(() => void send(), 1000);
  onTestFinished(() => clearInterval(timer));
  return (next: typeof normalValues) => {
    values = next;
    return send();
  };
}

async function closeAll(pages: readonly Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.close()));
}

describe('eight windows of one browser', () => {
  test.for([
    ['the same', () => ''],
    ['the type by name', (index: number) => (index % 2 === 0 ? '' : '?type=climate')],
    ['several views', (index: number) => `?view=${['alerts', 'sensors', 'ledger', 'model'][index % 4]}`],
    ['a type each', (index: number) => `?view=alerts&type=window-${index}`],
  ] as const)('load and get answers, where they show %s', async ([, toQuery], { context }) => {
    const features = [{ name: 'rpm', title: 'Speed', unit: '1/min' }];
    for (let index = 0; index < 8; index += 1)
      await axios.post(`${apiUrl}/types`, { name: `window-${index}`, features });
    const pages = await openWindows(context, toQuery);
    const statuses = await Promise.all(
      pages.map((page) => page.evaluate("fetch('/api/alerts').then((answer) => answer.status)")),
    );
    expect(statuses).toEqual(Array(8).fill(200));
    await closeAll(pages);
  });

  test('follow one stream without an answer in between, also after some are closed', async ({ context }) => {
    const report = await startSensor('windows');
    const pages = await openWindows(context, () => '?view=alerts&sensor=windows');
    const state = (page: Page) => page.getByRole('region', { name: 'Sensor states' });
    for (const page of pages) {
      await sees(state(page).getByText('1 sensor anomalous'));
      await page.route('**/api/alerts', () => undefined); // never answered; the page is closed at the end
    }
    await report(normalValues);
    for (const page of pages) await sees(state(page).getByText('1 sensor normal'));
    await closeAll(pages.splice(0, 4));
    await report(anomalousValues);
    for (const page of pages) await sees(state(page).getByText('1 sensor anomalous'));
    await closeAll(pages);
  });
});
