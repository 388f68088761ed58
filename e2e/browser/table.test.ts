import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { accuracySchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { placeWithin } from '../testing/place-within.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { postReadings } from '../testing/post-readings.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

function panel(page: Page) {
  return page.getByRole('region', { name: 'Readings', exact: true });
}

function whyButtons(page: Page) {
  return page.getByRole('button', { name: /^Why/ });
}

async function focusedName(page: Page): Promise<string> {
  return String(await page.evaluate("document.activeElement?.getAttribute('aria-label')"));
}

/** The open reading, by its address alone: the table there has no row of it. */
async function seesNeighborsElsewhere(page: Page): Promise<void> {
  const address = new URL(page.url());
  address.searchParams.set('sensor', 'nobody');
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(address.href);
  const neighbors = elsewhere.getByRole('table', { name: 'Neighboring readings' });
  await expect(neighbors.getByText('this reading')).toBeVisible();
  await expect(neighbors.getByRole('row')).toHaveCount(9);
  await elsewhere.close();
}

test.describe('the rows of the table', () => {
  test('stay where they are while readings arrive, and say how many are new', async ({ page, open, row }) => {
    await postReadings(apiUrl, 'steady', 60);
    await open('?sensor=steady');
    await expect(row('25.9')).toBeVisible();
    await row('25.9').hover();
    await page.mouse.wheel(0, 700);
    const rows = page.getByRole('region', { name: 'Readings table' });
    await expect.poll(() => rows.evaluate((element) => element.scrollTop)).toBe(700);
    await expect(page.getByText('Updates paused while you read')).toBeVisible();
    await expect(row('23.0')).toBeVisible();
    const place = async () => (await placeWithin(row('23.0'), rows)).middle.y;
    const before = await place();
    for (const temperature of [31, 32, 33]) {
      await postReading(apiUrl, { ...normalValues, temperature, sensor_id: 'steady' });
    }
    await expect(panel(page).getByText('3 new')).toBeVisible();
    expect(await place()).toBe(before);
    await page.getByRole('button', { name: 'Back to newest' }).click();
    await expect(row('33.0')).toBeVisible();
    await expect(page.getByText('Updates paused while you read')).toHaveCount(0);
  });

  test('are loaded on while they are gone through by keyboard', async ({ page, open }) => {
    await postReadings(apiUrl, 'long', 150);
    await open('?sensor=long');
    await expect(panel(page).getByText(/^1–\d+ of 150$/)).toBeVisible();
    await whyButtons(page).first().focus();
    await page.keyboard.press('End');
    await expect(panel(page).getByText(/–100 of 150$/)).toBeVisible();
    await expect
      .poll(
        async () => {
          await page.keyboard.press('End');
          return panel(page)
            .getByText(/–150 of 150$/)
            .count();
        },
        // A key at a time: where the page is slow, it must not have to catch up with keys.
        { timeout: 60_000, intervals: [500] },
      )
      .toBe(1);
    await page.keyboard.press('Home');
    await expect(panel(page).getByText(/^1–\d+ of 150$/)).toBeVisible();
  });

  test('open by keyboard, and get the focus back', async ({ page, open }) => {
    await postReadings(apiUrl, 'keys', 12);
    await open('?sensor=keys');
    await expect(panel(page).getByText('1–12 of 12')).toBeVisible();
    await whyButtons(page).first().focus();
    const first = await focusedName(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const third = await focusedName(page);
    expect(third).not.toBe(first);
    await page.keyboard.press('Enter');
    const neighbors = page.getByRole('table', { name: 'Neighboring readings' });
    await expect(neighbors.getByText('this reading')).toBeVisible();
    // The head, five before, the reading itself, and the two after it.
    await expect(neighbors.getByRole('row')).toHaveCount(9);
    await seesNeighborsElsewhere(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect.poll(() => focusedName(page)).toBe(third);
  });

  test('are copied whole, or a cell of them', async ({ page, context, open }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await postReadings(apiUrl, 'copied', 3);
    await open('?sensor=copied');
    await expect(panel(page).getByText('1–3 of 3')).toBeVisible();
    await whyButtons(page).first().focus();
    await page.keyboard.press('Control+c');
    await expect(page.getByText('Row copied')).toBeVisible();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z\t20\.2\t51\t60\t[01]\t0\.\d+\tcopied$/,
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+c');
    await expect(page.getByText('Cell copied')).toBeVisible();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('20.2');
  });
});

test.describe('what the table shows', () => {
  test('is exported as filtered', async ({ page, open }) => {
    await postReadings(apiUrl, 'exported', 120);
    await open('?sensor=exported&temperature_min=21&temperature_max=31.4');
    await expect(panel(page).getByText(/of 105$/)).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^\ufeffid,/);
    expect(lines[0]).toContain('temperature');
    expect(lines).toHaveLength(106);
    expect(lines.slice(1).every((line) => line.includes(',exported,'))).toBe(true);
    const link = await page.getByRole('link', { name: 'CSV link' }).getAttribute('href');
    const { data } = await axios.get<string>(new URL(link ?? '', page.url()).href);
    expect(data.trim().split('\r\n').toSorted()).toEqual(lines.toSorted());
    await postReading(apiUrl, { ...normalValues, sensor_id: 'exported' });
    const { data: later } = await axios.get<string>(new URL(link ?? '', page.url()).href);
    expect(later).toBe(data);
  });

  test('is what a range says of the numbers as they are shown', async ({ page, open }) => {
    for (const temperature of [24.04, 24.06, 24.1, 24.14, 24.16])
      await postReading(apiUrl, { ...normalValues, temperature, sensor_id: 'rounded' });
    const cells = panel(page)
      .locator('tbody td')
      .filter({ hasText: /^24\.\d$/ });
    for (const [range, shown] of [
      ['temperature_min=24.1&temperature_max=24.1', ['24.1', '24.1', '24.1']],
      ['temperature_min=24.2', ['24.2']],
      ['temperature_max=24', ['24.0']],
      ['temperature_min=24.06&temperature_max=24.06', ['24.1']],
    ] as const) {
      await open(`?sensor=rounded&${range}`);
      await expect(cells).toHaveText([...shown]);
    }
  });

  test('has the columns that were chosen, also after a reload', async ({ page, open }) => {
    const table = page.getByRole('table', { name: 'Readings' });
    const humidity = table.getByRole('columnheader', { name: /^Humidity/ });
    await open();
    await expect(humidity).toBeVisible();
    await page.getByRole('button', { name: 'Columns' }).click();
    const menu = page.getByRole('dialog', { name: 'Columns' });
    await menu.getByRole('checkbox', { name: /^Humidity/ }).uncheck();
    await expect(humidity).toHaveCount(0);
    await page.reload();
    await expect(table.getByRole('columnheader', { name: /^Temperature/ })).toBeVisible();
    await expect(humidity).toHaveCount(0);
    await page.getByRole('button', { name: 'Columns' }).click();
    await menu.getByRole('button', { name: 'Reset' }).click();
    await expect(humidity).toBeVisible();
  });

  test('takes feedback, which the row and the confusion matrix show', async ({ page, open, row }) => {
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'judged' });
    await open('?sensor=judged');
    await whyButtons(page).first().press('Enter');
    const feedback = page.getByRole('region', { name: 'Feedback' });
    await feedback.getByRole('button', { name: 'Incorrect' }).click();
    await expect(feedback.getByText('from user')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(row('Incorrect').getByText('from user')).toBeVisible();
    const matrix = page.getByRole('table', { name: 'Confusion matrix' });
    await expect(
      matrix.getByRole('row', { name: 'actual normal' }).getByRole('cell', { name: '1 incorrect' }),
    ).toBeVisible();
    const { data } = await axios.get<unknown>(`${apiUrl}/accuracy?sensor_id=judged`);
    expect(accuracySchema.parse(data).confusion.false_positive).toBe(1);
    await whyButtons(page).first().press('Enter');
    await feedback.getByRole('button', { name: 'Correct', exact: true }).click();
    await page.keyboard.press('Escape');
    await expect(
      matrix.getByRole('row', { name: 'actual anomaly' }).getByRole('cell', { name: '1 correct' }),
    ).toBeVisible();
    await whyButtons(page).first().press('Enter');
    await feedback.getByRole('button', { name: 'Remove feedback' }).click();
    await expect(feedback.getByText('No feedback yet.')).toBeVisible();
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Correct');
    await page.keyboard.press('Escape');
    await expect(row('judged').getByText('from user')).toHaveCount(0);
    const { data: after } = await axios.get<unknown>(`${apiUrl}/accuracy?sensor_id=judged`);
    expect(accuracySchema.parse(after).labeled).toBe(0);
  });
});
