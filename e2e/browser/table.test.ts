import { readFile } from 'node:fs/promises';
import { accuracySchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import type { Page } from 'playwright-core';
import { describe, expect, inject } from 'vitest';
import { sees, test } from '../testing/dashboard-test.ts';
import { placeWithin } from '../testing/place-within.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { postReadings } from '../testing/post-readings.ts';

const apiUrl = inject('apiUrl');

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
  await sees(neighbors.getByText('this reading'));
  await expect.poll(() => neighbors.getByRole('row').count()).toBe(9);
  await elsewhere.close();
}

describe('the rows of the table', () => {
  test('stay where they are while readings arrive, and say how many are new', async ({ dashboard }) => {
    const { page, open, row } = dashboard;
    await postReadings(apiUrl, 'steady', 60);
    await open('?sensor=steady');
    await sees(row('25.9'));
    await row('25.9').hover();
    await page.mouse.wheel(0, 700);
    const rows = page.getByRole('region', { name: 'Readings table' });
    await expect.poll(() => rows.evaluate((element) => element.scrollTop)).toBe(700);
    await sees(page.getByText('Updates paused while you read'));
    await sees(row('23.0'));
    const place = async () => (await placeWithin(row('23.0'), rows)).middle.y;
    const before = await place();
    for (const temperature of [31, 32, 33]) {
      await postReading(apiUrl, { ...normalValues, temperature, sensor_id: 'steady' });
    }
    await sees(panel(page).getByText('3 new'));
    expect(await place()).toBe(before);
    await page.getByRole('button', { name: 'Back to newest' }).click();
    await sees(row('33.0'));
    await page.getByText('Updates paused while you read').waitFor({ state: 'detached' });
  });

  test('are loaded on while they are gone through by keyboard', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await postReadings(apiUrl, 'long', 150);
    await open('?sensor=long');
    await sees(panel(page).getByText(/^1–\d+ of 150$/));
    await whyButtons(page).first().focus();
    await page.keyboard.press('End');
    await sees(panel(page).getByText(/–100 of 150$/));
    await expect
      .poll(
        async () => {
          await page.keyboard.press('End');
          return panel(page)
            .getByText(/–150 of 150$/)
            .count();
        },
        // A key at a time: where the page is slow, it must not have to catch up with keys.
        { timeout: 60_000, interval: 500 },
      )
      .toBe(1);
    await page.keyboard.press('Home');
    await sees(panel(page).getByText(/^1–\d+ of 150$/));
  });

  test('open by keyboard, and get the focus back', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await postReadings(apiUrl, 'keys', 12);
    await open('?sensor=keys');
    await sees(panel(page).getByText('1–12 of 12'));
    await whyButtons(page).first().focus();
    const first = await focusedName(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const third = await focusedName(page);
    expect(third).not.toBe(first);
    await page.keyboard.press('Enter');
    const neighbors = page.getByRole('table', { name: 'Neighboring readings' });
    await sees(neighbors.getByText('this reading'));
    // The head, five before, the reading itself, and the two after it.
    await expect.poll(() => neighbors.getByRole('row').count()).toBe(9);
    await seesNeighborsElsewhere(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focusedName(page)).toBe(third);
  });

  test('are copied whole, or a cell of them', async ({ dashboard }) => {
    const { page, context, open } = dashboard;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await postReadings(apiUrl, 'copied', 3);
    await open('?sensor=copied');
    await sees(panel(page).getByText('1–3 of 3'));
    await whyButtons(page).first().focus();
    await page.keyboard.press('Control+c');
    await sees(page.getByText('Row copied'));
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z\t20\.2\t51\t60\t[01]\t0\.\d+\tcopied$/,
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+c');
    await sees(page.getByText('Cell copied'));
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('20.2');
  });
});

describe('what the table shows', () => {
  test('is exported as filtered', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await postReadings(apiUrl, 'exported', 120);
    await open('?sensor=exported&temperature_min=21&temperature_max=31.4');
    await sees(panel(page).getByText(/of 105$/));
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

  test('is what a range says of the numbers as they are shown', async ({ dashboard }) => {
    const { page, open } = dashboard;
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
      await expect.poll(() => cells.allTextContents()).toEqual(shown);
    }
  });

  test('has the columns that were chosen, also after a reload', async ({ dashboard }) => {
    const { page, open } = dashboard;
    const table = page.getByRole('table', { name: 'Readings' });
    const humidity = table.getByRole('columnheader', { name: /^Humidity/ });
    await open();
    await sees(humidity);
    await page.getByRole('button', { name: 'Columns' }).click();
    const menu = page.getByRole('dialog', { name: 'Columns' });
    await menu.getByRole('checkbox', { name: /^Humidity/ }).uncheck();
    await humidity.waitFor({ state: 'detached' });
    await page.reload();
    await sees(table.getByRole('columnheader', { name: /^Temperature/ }));
    expect(await humidity.count()).toBe(0);
    await page.getByRole('button', { name: 'Columns' }).click();
    await menu.getByRole('button', { name: 'Reset' }).click();
    await sees(humidity);
  });

  test('takes feedback, which the row and the confusion matrix show', async ({ dashboard }) => {
    const { page, open, row } = dashboard;
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'judged' });
    await open('?sensor=judged');
    await whyButtons(page).first().press('Enter');
    const feedback = page.getByRole('region', { name: 'Feedback' });
    await feedback.getByRole('button', { name: 'Incorrect' }).click();
    await sees(feedback.getByText('from user'));
    await page.keyboard.press('Escape');
    await sees(row('Incorrect').getByText('from user'));
    const matrix = page.getByRole('table', { name: 'Confusion matrix' });
    await sees(matrix.getByRole('row', { name: 'actual normal' }).getByRole('cell', { name: '1 incorrect' }));
    const { data } = await axios.get<unknown>(`${apiUrl}/accuracy?sensor_id=judged`);
    expect(accuracySchema.parse(data).confusion.false_positive).toBe(1);
    await whyButtons(page).first().press('Enter');
    await feedback.getByRole('button', { name: 'Correct', exact: true }).click();
    await page.keyboard.press('Escape');
    await sees(matrix.getByRole('row', { name: 'actual anomaly' }).getByRole('cell', { name: '1 correct' }));
    await whyButtons(page).first().press('Enter');
    await feedback.getByRole('button', { name: 'Remove feedback' }).click();
    await sees(feedback.getByText('No feedback yet.'));
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Correct');
    await page.keyboard.press('Escape');
    await row('judged').getByText('from user').waitFor({ state: 'detached' });
    const { data: after } = await axios.get<unknown>(`${apiUrl}/accuracy?sensor_id=judged`);
    expect(accuracySchema.parse(after).labeled).toBe(0);
  });
});
