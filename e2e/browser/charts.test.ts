import type { Locator, Page } from '@playwright/test';
import axios from 'axios';
import { placeWithin } from '../testing/place-within.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const day = '2026-02-03';

/** A fixed window of that day, of one sensor. */
function toQuery(sensor: string, [from, to]: [string, string]): string {
  return `?mode=historical&zone=UTC&from=${day}T${from}:00.000Z&to=${day}T${to}:00.000Z&sensor=${sensor}`;
}

// Send anomalies before normal readings: the last one sets the state of the sensor, and the alert box of other tests.
function post(sensor_id: string, time: string, values: Record<string, number>) {
  return postReading(apiUrl, { ...values, sensor_id, timestamp: `${day}T${time}.000Z` });
}

function crosshair(page: Page): Locator {
  return page.getByRole('slider', { name: 'Crosshair' });
}

/** Where a share of the width of the charts is, over the first of them. */
async function toPlace(page: Page, share: number): Promise<[number, number]> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0); // panels above may still grow
  await crosshair(page).scrollIntoViewIfNeeded();
  // A scroll event comes with the next frame, and makes the charts ignore the wheel until the pointer moves.
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  const box = await crosshair(page).boundingBox();
  if (!box) throw new Error('there are no charts');
  return [box.x + box.width * share, box.y + 120];
}

function readSpanMs(page: Page): number {
  const { searchParams } = new URL(page.url());
  return Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '');
}

async function seesSpan(page: Page, isRight: (spanMs: number) => boolean): Promise<void> {
  await expect.poll(() => isRight(readSpanMs(page))).toBe(true);
}

test.describe('the charts', () => {
  test('show the time and the values of all features under one crosshair', async ({ page, open }) => {
    await post('crosshair', '10:45:00', anomalousValues);
    await post('crosshair', '10:15:00', { temperature: 22.5, humidity: 51.5, sound_volume: 61.5 });
    await open(toQuery('crosshair', ['10:00', '11:00']));
    await page.mouse.move(...(await toPlace(page, 0.26)));
    for (const [title, text] of [
      ['Temperature', '22.5 °C'],
      ['Humidity', '51.5 %'],
      ['Noise level', '61.5 dB'],
    ] as const)
      await expect(
        page.getByRole('status', { name: `${title} at the crosshair` }).getByText(text),
      ).toBeVisible();
    await expect(page.getByText(`${day} 10:15:00`, { exact: true }).first()).toBeVisible();
    await page.mouse.move(...(await toPlace(page, 0.74)));
    await expect(
      page.getByRole('status', { name: 'Anomalies at the crosshair' }).getByText('Anomaly'),
    ).toBeVisible();
  });

  test('go from point to point, zoom and reset by keyboard', async ({ page, open }) => {
    await post('keys', '10:10:00', { ...normalValues, temperature: 21 });
    await post('keys', '10:20:00', { ...normalValues, temperature: 22 });
    await open(toQuery('keys', ['10:00', '11:00']));
    const temperature = page.getByRole('status', { name: 'Temperature at the crosshair' });
    await crosshair(page).press('End');
    await expect(temperature.getByText('22.0')).toBeVisible();
    await crosshair(page).press('ArrowLeft');
    await expect(temperature.getByText('21.0')).toBeVisible();
    await expect(crosshair(page)).toHaveAttribute('aria-valuetext', /Temperature 21\.0 °C/);
    await crosshair(page).press('+');
    await seesSpan(page, (spanMs) => spanMs === 30 * 60_000);
    await crosshair(page).press('0');
    await seesSpan(page, (spanMs) => spanMs === 60 * 60_000);
  });

  test('zoom about the pointer by the wheel, ask for what is then in view, and reset by a double click', async ({
    page,
    open,
  }) => {
    await post('wheel', '10:30:00', normalValues);
    await open(toQuery('wheel', ['10:00', '11:00']));
    const requested: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/series')) requested.push(request.url());
    });
    const place = await toPlace(page, 0.5);
    await page.mouse.move(...place);
    for (let notch = 0; notch < 5; notch++) await page.mouse.wheel(0, -100);
    await seesSpan(page, (spanMs) => spanMs < 30 * 60_000);
    await expect(page.getByRole('img', { name: /^Temperature over time/ })).toBeVisible();
    const inView = () => new URL(page.url()).searchParams.get('from');
    await expect
      .poll(() => new URL(requested.at(-1) ?? 'http://no-request').searchParams.get('from') === inView(), {
        timeout: 20_000,
      })
      .toBe(true);
    await page.mouse.dblclick(...place);
    await seesSpan(page, (spanMs) => spanMs === 60 * 60_000);
  });

  test('pause while the crosshair is pinned, and follow again', async ({ page, open }) => {
    await open('?range=5m');
    const place = await toPlace(page, 0.9);
    await page.mouse.click(...place);
    await expect(page.getByRole('radio', { name: 'Paused', checked: true })).toBeVisible();
    // The last part is left out: the number of readings of an incident still grows while the charts are paused.
    const pinned = async () => (await crosshair(page).getAttribute('aria-valuetext'))?.split(';')[0];
    const before = await pinned();
    expect(before).toMatch(/^\d{4}-/);
    await page.mouse.move(place[0] - 300, place[1]);
    expect(await pinned()).toBe(before);
    await page.mouse.click(...place);
    await expect(page.getByRole('radio', { name: 'Live', checked: true })).toBeVisible();
  });

  test('say in words and in a table what they show, gaps among it', async ({ page, open }) => {
    await post('gap', '10:54:00', anomalousValues);
    for (const minute of ['01', '02', '03', '04', '50', '51', '52', '53'])
      await post('gap', `10:${minute}:00`, normalValues);
    await open(toQuery('gap', ['10:00', '11:00']));
    await expect(
      page.getByRole('img', { name: /^Temperature over time: 9 readings.*1 anomaly, 1 gap$/ }),
    ).toBeVisible();
    await expect(page.getByRole('img', { name: /^Anomaly ribbon: 1 anomaly of 9 readings/ })).toBeVisible();
    await page.mouse.move(...(await toPlace(page, 0.5)));
    await expect(
      page.getByRole('status', { name: 'Anomalies at the crosshair' }).getByText('No readings'),
    ).toBeVisible();
    await page.getByText('Time series as a table').press('Enter');
    const table = page.getByRole('table', { name: 'Time series' });
    await expect(table.getByRole('row', { name: new RegExp(`^${day} 10:.*19.5`) })).toBeVisible();
    await expect(table.getByRole('columnheader', { name: /Noise level \(dB\)/ })).toBeVisible();
  });

  test('show stretches of time with their extremes where readings are many, and say so', async ({
    page,
    open,
  }) => {
    const startMs = Date.parse(`${day}T06:00:00.000Z`);
    for (let batch = 0; batch < 5; batch++) {
      const readings = Array.from({ length: 1000 }, (_, place) => {
        const timestamp = new Date(startMs + (batch * 1000 + place) * 6000).toISOString();
        return { ...normalValues, temperature: 22 + (place % 5), sensor_id: 'many', timestamp };
      });
      await axios.post(`${apiUrl}/predict`, readings);
    }
    await open(toQuery('many', ['06:00', '15:00']));
    await expect(
      page.getByText(/^Each point is 1 min: minimum, mean, maximum; 5\s000 readings$/),
    ).toBeVisible();
    await expect(
      page.getByRole('list', { name: 'Legend', exact: true }).getByText('Minimum to maximum'),
    ).toBeVisible();
    await page.mouse.move(...(await toPlace(page, 0.5)));
    const readout = page.getByRole('status', { name: 'Temperature at the crosshair' });
    await expect(readout.getByText('mean 24.0 °C (22.0 to 26.0)')).toBeVisible();
    await expect(page.getByText(/^500 of 5\s000 readings: the newest 100 of each fifth/)).toBeVisible();
  });

  test('fill their panel when the panel next to them grows', async ({ page, open }) => {
    await open('?range=5m');
    const chart = page.locator('.js-plotly-plot').first();
    const readHeight = async (locator: Locator) => (await locator.boundingBox())?.height ?? 0;
    await expect(chart.locator('.main-svg').first()).toBeVisible();
    const before = await readHeight(chart);
    await page.getByText('Scores as a table').click();
    await expect.poll(() => readHeight(chart)).toBeGreaterThan(before + 20);
    await expect
      .poll(async () =>
        Math.abs((await readHeight(chart.locator('.main-svg').first())) - (await readHeight(chart))),
      )
      .toBeLessThan(1);
  });

  test('keep the zoom while readings arrive', async ({ page, open }) => {
    await open('?range=5m');
    await crosshair(page).press('End');
    await crosshair(page).press('+');
    await expect(page.getByRole('radio', { name: 'Paused', checked: true })).toBeVisible();
    const panel = page.getByRole('region', { name: 'Time series', exact: true });
    await expect(panel).toHaveAttribute('aria-busy', 'false');
    await expect(page).toHaveURL(/mode=paused/);
    const zoomed = page.url();
    const shown = await page.getByRole('img', { name: /^Temperature over time/ }).getAttribute('aria-label');
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'zoomed' });
    await expect(page.getByText(/\d+ new readings?/)).toBeVisible();
    expect(page.url()).toBe(zoomed);
    expect(await page.getByRole('img', { name: /^Temperature over time/ }).getAttribute('aria-label')).toBe(
      shown,
    );
  });
});

test.describe('the statistics', () => {
  test('compare with the window before, and say where there is nothing to compare with', async ({
    page,
    open,
  }) => {
    await post('before', '10:30:00', { ...normalValues, temperature: 23 });
    await post('before', '11:30:00', { ...normalValues, temperature: 24.5 });
    const temperature = page.getByRole('group', { name: 'Temperature' });
    await open(toQuery('before', ['11:00', '12:00']));
    await expect(temperature.getByText('+1.50 from 23.00 °C in the previous 1 h')).toBeVisible();
    await open(toQuery('before', ['10:00', '11:00']));
    await expect(temperature.getByText('No readings in the previous 1 h to compare with')).toBeVisible();
  });
});

test.describe('the scatter plot', () => {
  test('keeps its axes in the URL, and is described by text and a table', async ({ page, open }) => {
    await post('pair', '10:31:00', anomalousValues);
    await post('pair', '10:30:00', normalValues);
    await open(toQuery('pair', ['10:00', '11:00']));
    const panel = page.getByRole('region', { name: 'Scatter plot', exact: true });
    await expect(panel.getByRole('img', { name: /^Temperature \(°C\) against Humidity/ })).toBeVisible();
    await panel.getByRole('combobox', { name: 'X axis' }).selectOption({ label: 'Noise level' });
    await panel.getByRole('combobox', { name: 'Y axis' }).selectOption({ label: 'Humidity' });
    const chart = { name: 'Humidity (%) against Noise level (dB): 1 normal reading and 1 anomaly' };
    await expect(panel.getByRole('img', chart)).toBeVisible();
    await page.reload();
    await expect(panel.getByRole('img', chart)).toBeVisible();
    await panel.getByText('Scatter plot as a table').click();
    await expect(panel.getByRole('row', { name: /^Anomaly 1 99.0 to 99.0/ })).toBeVisible();
  });

  test('describes a mark, by keyboard and by pointer', async ({ page, open }) => {
    await post('marks', '10:32:00', anomalousValues);
    await post('marks', '10:30:00', normalValues);
    await post('marks', '10:31:00', normalValues);
    await open(toQuery('marks', ['10:00', '11:00']));
    const finder = page.getByRole('slider', { name: 'Point' });
    const says = (text: string) => expect(finder).toHaveAttribute('aria-valuetext', text);
    await finder.focus();
    await page.keyboard.press('ArrowRight');
    await says('Humidity 41.0 %, Temperature 19.5 °C, Anomaly');
    const { middle } = await placeWithin(finder.locator('div').first(), finder);
    await page.keyboard.press('ArrowRight');
    await says('Humidity 51.0 %, Temperature 24.0 °C, 2 normal readings');
    await page.keyboard.press('Escape');
    await says('No point selected');
    // Beside the mark: near is enough.
    await finder.hover({ position: { x: middle.x + 10, y: middle.y + 10 } });
    await expect(page.getByText('Humidity 41.0 %', { exact: true })).toBeVisible();
  });
});

test.describe('the distribution', () => {
  test('has the scores as a table, the threshold beside them', async ({ page, open }) => {
    await post('scores', '10:30:00', normalValues);
    await open(toQuery('scores', ['10:00', '11:00']));
    const panel = page.getByRole('region', { name: 'Distribution of predictions' });
    await expect(panel.getByText('Anomaly above the threshold, 0.5')).toBeVisible();
    await panel.getByText('Scores as a table').click();
    const rows = panel.getByRole('table', { name: 'Scores' }).getByRole('row');
    await expect(rows).toHaveCount(21);
  });
});
