import { leaseAnswerSchema, systemSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { findViolations } from '../testing/find-violations.ts';
import { placeWithin } from '../testing/place-within.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const load = {
  offered_per_second: 100,
  accepted_per_second: 80,
  shed: 2,
  p50_ms: 3.5,
  p99_ms: 20,
  latencies: [1],
};

/** Takes the first rows of a replay and says that so many of a thousand are done. */
async function replay(name: string, done_rows: number): Promise<void> {
  const url = `${apiUrl}/replays/${name}`;
  const file = { name: `${name}.csv`, fingerprint: null };
  const { data } = await axios.post<unknown>(`${url}/lease`, { sender: 'north', file, loops: 1, rows: 1000 });
  await axios.post(`${url}/ack`, {
    sender: 'north',
    lease_id: leaseAnswerSchema.parse(data).lease?.id,
    done_rows,
    outcomes: { stored: done_rows - 6, rejected: 3, bad: 2, dropped: 1, duplicates: 4 },
    total_rows: 1000,
    load,
  });
}

test.describe('the page System', () => {
  test('shows the progress of a replay and its senders, and deletes it', async ({ page }) => {
    await page.goto('/?view=replays'); // the name of the page before version 0.3
    await expect(page).toHaveTitle(/System/);
    await replay('orchard', 250);
    const part = page.getByRole('region', { name: 'orchard', exact: true });
    await expect(part.getByRole('progressbar', { name: 'Progress of orchard' })).toBeVisible();
    await expect(part.getByText('250 of 1\u202f000 rows, 25.0 %')).toBeVisible();
    await expect(part.getByText('Running')).toBeVisible();
    const sender = part.getByRole('row', { name: /north/ });
    for (const text of ['Active', '250', '100.0 %', '100.0', '80.0', '3.5', '20.0']) {
      await expect(sender.getByText(text, { exact: true })).toBeVisible();
    }
    await expect(part.getByText('80.0 rows', { exact: true })).toBeVisible();
    await expect(part.getByText('0.1 ms', { exact: true }).first()).toBeVisible();
    await part.getByRole('button', { name: 'Delete the replay orchard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await expect(part).toBeVisible();
    await part.getByRole('button', { name: 'Delete the replay orchard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete replay' }).click();
    await expect(part).toHaveCount(0);
  });

  test('has the numbers of what was sent by sensor, and sorts them', async ({ page }) => {
    const sensor_id = 'booked';
    const id = '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0b001';
    for (const reading of [{}, {}, { id }, { id }]) {
      await postReading(apiUrl, { ...normalValues, sensor_id, ...reading });
    }
    await postReading(apiUrl, { ...normalValues, sensor_id: 'booked-2' });
    const refused = { ...normalValues, sensor_id, humidity: 'damp' };
    const conflict = { ...normalValues, sensor_id, id, humidity: 44 };
    for (const reading of [refused, conflict]) {
      await axios.post(`${apiUrl}/predict`, reading, { validateStatus: (status) => status >= 400 });
    }
    await page.goto('/?view=ledger'); // the name of the page before version 0.3
    await page.getByRole('searchbox', { name: 'Find a sensor' }).fill('BOOKED');
    await expect(page.getByText('2 sensors found')).toBeVisible();
    const rows = page.getByRole('table', { name: 'Data intake by sensor' }).getByRole('row');
    // Stored, duplicates, rejected, conflicts, late, gaps; the last ones are up to a second behind.
    await expect
      .poll(async () => (await rows.nth(1).getByRole('cell').allInnerTexts()).slice(0, 6))
      .toEqual(['3', '1', '1', '1', '0', '0']);
    const stored = page.getByRole('columnheader', { name: 'Stored', exact: true });
    await stored.getByRole('button').press('Enter');
    await expect(stored).toHaveAttribute('aria-sort', 'descending');
    await expect(rows.getByRole('rowheader')).toHaveText(['booked', 'booked-2']);
    await stored.getByRole('button').press('Enter');
    await expect(rows.getByRole('rowheader')).toHaveText(['booked-2', 'booked']);
  });

  test('says that the database works, how large it is, and what runs', async ({ page }) => {
    await page.goto('/?view=system');
    const database = page.getByRole('region', { name: 'Database' });
    await expect(database.getByText('Works: readings are stored and read.')).toBeVisible();
    const readings = database
      .getByRole('table', { name: 'Largest tables' })
      .getByRole('row', { name: /^readings/ });
    await expect(readings.getByRole('cell').last()).toHaveText(/^[\d.]+ [kM]B$/);
    const versions = page.getByRole('region', { name: 'Versions' });
    await expect(versions.getByText(/^\d{3}-[a-z-]+$/)).toBeVisible();
    const { data } = await axios.get<unknown>(`${apiUrl}/system`);
    const { api, models } = systemSchema.parse(data);
    for (const text of [api.version, api.node, models[0]?.model ?? ''])
      await expect(versions.getByText(text, { exact: true })).toBeVisible();
  });
});

test.describe('the overview', () => {
  test('fills a large screen', async ({ page, open }) => {
    await page.setViewportSize({ width: 3840, height: 2160 });
    await open();
    await expect(page.getByRole('table', { name: 'Readings' })).toBeVisible();
    const panel = (name: string) => page.getByRole('region', { name, exact: true });
    await expect
      .poll(async () => (await placeWithin(panel('Readings'), panel('Time series'))).bottom)
      .toBeCloseTo(0, 0);
    const footer = await page.getByRole('contentinfo').boundingBox();
    expect((footer?.y ?? 0) + (footer?.height ?? 0)).toBeGreaterThan(2159);
  });

  test('says how to see times in UTC, unless they are in UTC', async ({ page, open }) => {
    await open('?zone=Asia/Kathmandu');
    await expect(page.getByText('hover over a time to see it in UTC')).toBeVisible();
    await open('?zone=UTC');
    await expect(page.getByText('Times are in UTC.', { exact: true })).toBeVisible();
  });
});

test.describe('the pages', () => {
  const titles = ['Overview', 'Sensors', 'Incidents', 'Rules', 'Receivers', 'Model', 'System'];
  const viewports = [
    { width: 390, height: 844 },
    { width: 1440, height: 1000 },
    { width: 3840, height: 2160 },
  ];
  const schemes = ['light', 'dark'] as const;
  const cases = schemes.flatMap((colorScheme) => viewports.map((viewport) => ({ ...viewport, colorScheme })));

  test('are reached by keyboard, keep the time in view, and are undone by the back button', async ({
    page,
    open,
  }) => {
    await open('?range=1h');
    const views = page.getByRole('navigation', { name: 'Views' });
    for (const title of titles.slice(1)) {
      await views.getByRole('link', { name: title }).press('Enter');
      await expect(page.locator('a[aria-current="page"]').filter({ hasText: title })).toBeVisible();
      await expect(page).toHaveTitle(new RegExp(title));
    }
    await expect(page).toHaveURL(/range=1h/);
    await page.goBack();
    await expect(page.locator('a[aria-current="page"]').filter({ hasText: 'Model' })).toBeVisible();
  });

  for (const { colorScheme, ...viewport } of cases)
    test(`can be used by everybody: ${colorScheme} at ${viewport.width} px`, async ({ page }) => {
      await replay(`axe-${viewport.width}-${colorScheme}`, 100);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      for (const title of titles) {
        await page.goto(`/?view=${title === 'Incidents' ? 'alerts' : title.toLowerCase()}`);
        await expect(page.getByRole('main').getByRole('region').first()).toBeVisible();
        if (title === 'Overview')
          await expect(page.getByRole('img', { name: /^Temperature/ })).toHaveCount(2);
        await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
        expect([title, await findViolations(page)]).toEqual([title, []]);
      }
    });
});
