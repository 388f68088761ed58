import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { accuracySchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { findViolations } from '../testing/find-violations.ts';
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
    const newReadings = panel(page).getByRole('button', { name: '3 new readings' });
    await expect(newReadings).toBeVisible();
    expect(await place()).toBe(before);
    await newReadings.click();
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

  test('have times with milliseconds, in the chosen zone', async ({ open, row }) => {
    const timestamp = '2025-08-01T22:30:00.007Z';
    await postReading(apiUrl, { ...normalValues, sensor_id: 'precise', timestamp });
    const window = 'mode=historical&from=2025-08-01T22:00:00.000Z&to=2025-08-01T23:00:00.000Z';
    await open(`?sensor=precise&${window}&zone=Europe/Berlin`);
    await expect(row('precise').getByText('2025-08-02 00:30:00.007')).toBeVisible();
    await open(`?sensor=precise&${window}&zone=UTC`);
    await expect(row('precise').getByText('2025-08-01 22:30:00.007')).toBeVisible();
  });
});

test.describe('what the table shows', () => {
  test('is sorted by the API, by every column', async ({ page, open }) => {
    await postReadings(apiUrl, 'sorted', 150);
    await open('?sensor=sorted');
    // Below the titles and the filters.
    const firstRow = panel(page).getByRole('row').nth(2);
    await expect(firstRow).toContainText('34.9');
    const head = (name: string) => panel(page).getByRole('columnheader', { name: new RegExp(`^${name}`) });
    for (const name of ['Humidity', 'Noise level', 'Prediction', 'Score', 'Time', 'Temperature']) {
      await head(name).getByRole('button').click();
      await expect(head(name)).toHaveAttribute('aria-sort', /^(ascending|descending)$/);
    }
    // The lowest value is not on the first page that was loaded.
    await head('Temperature').getByRole('button').click();
    await expect(firstRow).toContainText('20.0');
    await expect(page).toHaveURL(/sort=temperature&order=asc/);
  });

  test('is filtered by ranges and the prediction', async ({ page, open }) => {
    for (const sound_volume of [55, 56, 57]) {
      await postReading(apiUrl, { ...normalValues, sound_volume, sensor_id: 'filtered' });
    }
    await open('?mode=paused&sensor=filtered');
    await page.getByRole('textbox', { name: 'Noise level minimum' }).fill('56');
    await expect(page.getByText('1–2 of 2')).toBeVisible();
    const maximum = page.getByRole('textbox', { name: 'Noise level maximum' });
    await maximum.fill('5o');
    await expect(panel(page).getByText('Maximum is not a number. Filter not applied.')).toBeVisible();
    await maximum.fill('56');
    await expect(page.getByText('1–1 of 1')).toBeVisible();
    await page.getByRole('combobox', { name: 'Filter prediction' }).selectOption({ label: 'Anomaly' });
    await expect(panel(page).getByText('No readings in this window match the filters.')).toBeVisible();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(page.getByText('1–3 of 3')).toBeVisible();
    await expect(maximum).toHaveValue('');
  });

  test('is exported as filtered', async ({ page, open }) => {
    await postReadings(apiUrl, 'exported', 120);
    await open('?sensor=exported&temperature_min=21&temperature_max=31.4');
    await expect(panel(page).getByText(/of 105$/)).toBeVisible();
    const link = page.getByRole('link', { name: 'Export CSV' });
    const href = new URL((await link.getAttribute('href')) ?? '', page.url()).href;
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^\ufeffid,/);
    expect(lines[0]).toContain('temperature');
    expect(lines).toHaveLength(106);
    expect(lines.slice(1).every((line) => line.includes(',exported,'))).toBe(true);
    // A copied link keeps returning these readings.
    await postReading(apiUrl, { ...normalValues, sensor_id: 'exported' });
    const { data: later } = await axios.get<string>(href);
    expect(later.trim().split('\r\n').toSorted()).toEqual(lines.toSorted());
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
});

/** The number of readings of a sensor that are labeled, and those that a person called false alarms. */
async function findAccuracy(sensor: string) {
  const { data } = await axios.get<unknown>(`${apiUrl}/accuracy?sensor_id=${sensor}`);
  const { labeled, confusion } = accuracySchema.parse(data);
  return { labeled, falseAlarms: confusion.false_positive };
}

test.describe('feedback', () => {
  test('is one key on a row, and the same key takes it back', async ({ page, open }) => {
    for (let reading = 0; reading < 3; reading++)
      await postReading(apiUrl, { ...anomalousValues, sensor_id: 'one-key' });
    await open('?sensor=one-key');
    await expect(page.getByText('1–3 of 3')).toBeVisible();
    await whyButtons(page).first().focus();
    await page.keyboard.press('ArrowDown');
    const focused = await focusedName(page);
    await postReading(apiUrl, { ...normalValues, sensor_id: 'one-key' });
    await page.keyboard.press('n');
    await expect(panel(page).getByText(/^Feedback stored: False alarm \(one-key, /)).toBeVisible();
    const falseAlarm = panel(page).getByRole('row').nth(3).getByRole('button', { name: 'False alarm' });
    await expect(falseAlarm).toHaveAttribute('aria-pressed', 'true');
    expect(await findAccuracy('one-key')).toEqual({ labeled: 1, falseAlarms: 1 });
    // The reading that arrived meanwhile has not moved the row.
    await expect(panel(page).getByRole('button', { name: '1 new reading' })).toBeVisible();
    expect(await focusedName(page)).toBe(focused);
    await page.keyboard.press('y');
    await expect(panel(page).getByText(/^Feedback stored: Real anomaly/)).toBeVisible();
    await expect(falseAlarm).toHaveAttribute('aria-pressed', 'false');
    expect(await findAccuracy('one-key')).toEqual({ labeled: 1, falseAlarms: 0 });
    await page.keyboard.press('y');
    await expect(panel(page).getByText(/^Feedback removed: Real anomaly/)).toBeVisible();
    expect(await findAccuracy('one-key')).toEqual({ labeled: 0, falseAlarms: 0 });
  });

  test('is given by the buttons too, after a click on the row by its keys', async ({ page, open, row }) => {
    await postReading(apiUrl, { ...normalValues, sensor_id: 'missed' });
    await open('?sensor=missed');
    const missed = row('missed').getByRole('button', { name: 'Missed anomaly' });
    await missed.click();
    await expect(missed).toHaveAttribute('aria-pressed', 'true');
    await expect(panel(page).getByText(/^Feedback stored: Missed anomaly/)).toBeVisible();
    await page.reload();
    await expect(missed).toHaveAttribute('aria-pressed', 'true');
    await row('missed').getByText('51.0').click();
    await page.keyboard.press('y');
    await expect(row('missed').getByRole('button', { name: 'Correct' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('readings are cards with their values, feedback and the explanation', async ({ page, open }) => {
    const values = { temperature: 19.5, humidity: 41.2, sound_volume: 99 };
    await postReading(apiUrl, { ...values, sensor_id: 'pocket' });
    await postReading(apiUrl, { ...normalValues, sensor_id: 'pocket' });
    await open('?sensor=pocket');
    const cards = page.getByRole('list', { name: 'Readings' }).getByRole('listitem');
    await expect(cards).toHaveCount(2);
    const card = cards.nth(1);
    await card.scrollIntoViewIfNeeded();
    await expect(card).toContainText(/Anomaly pocket \d\d:\d\d:\d\d\.\d{3}/);
    for (const text of ['19.5 °C', '41.2 %', '99.0 dB'])
      await expect(card.getByText(text)).toBeInViewport({ ratio: 1 });
    const falseAlarm = card.getByRole('button', { name: 'False alarm' });
    await falseAlarm.click();
    await expect(falseAlarm).toHaveAttribute('aria-pressed', 'true');
    expect(await findAccuracy('pocket')).toEqual({ labeled: 1, falseAlarms: 1 });
    await card.getByRole('button', { name: /pocket/ }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('n');
    await expect(panel(page).getByText(/^Feedback stored: Missed anomaly/)).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
  });

  test('readings are sorted and filtered', async ({ page, open }) => {
    await postReadings(apiUrl, 'sieved', 20);
    await open('?sensor=sieved');
    const cards = page.getByRole('list', { name: 'Readings' }).getByRole('listitem');
    await panel(page).getByText('Sort and filter').click();
    await panel(page).getByLabel('Sort by').selectOption({ label: 'Temperature (°C)' });
    await expect(cards.first()).toContainText('21.9 °C');
    await panel(page).getByRole('textbox', { name: 'Temperature maximum' }).fill('20.5');
    await expect(panel(page).getByText('1–6 of 6')).toBeVisible();
    await expect(cards.first()).toContainText('20.5 °C');
  });
});

test.describe('a type with twelve features', () => {
  const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
  const features = numbers.map((number) => ({ name: `bearing_${number}`, title: `Bearing ${number}` }));

  test('has a column, a filter and a value on the card for each', async ({ page, row }) => {
    await axios.post(`${apiUrl}/types`, { name: 'turbine', features });
    for (const first of [50, 70]) {
      const values = features.map(({ name }, index) => [name, first + index] as const);
      await postReading(apiUrl, { type: 'turbine', sensor_id: 'hall', ...Object.fromEntries(values) });
    }
    await page.goto('/?type=turbine');
    for (const { title } of features)
      await expect(panel(page).getByRole('columnheader', { name: title, exact: true })).toHaveCount(1);
    await expect(row('hall')).toHaveCount(2);
    await page.getByRole('textbox', { name: 'Bearing 12 minimum' }).fill('81');
    await expect(row('hall')).toHaveCount(1);
    await expect(row('hall').getByText('81.0')).toBeVisible();
    // No model has scored it, so it is labeled as what it was.
    await row('hall').getByRole('button', { name: 'Was normal' }).click();
    await expect(panel(page).getByText(/^Feedback stored: Was normal/)).toBeVisible();
    await page.setViewportSize({ width: 390, height: 844 });
    const card = page.getByRole('list', { name: 'Readings' }).getByRole('listitem');
    for (const [index, { title }] of features.entries())
      await expect(card.getByText(`${title} ${70 + index}.0`)).toBeVisible();
  });
});
