import type { Locator, Page } from '@playwright/test';
import axios from 'axios';
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

/** The values at the pointer, of all charts. */
function hoverBox(page: Page): Locator {
  return page.locator('.hoverlayer').first();
}

/** Moves the pointer over the first chart, to a share of its width. */
async function pointAt(page: Page, share: number): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0); // panels above may still grow
  const chart = page.locator('.nsewdrag').first();
  const { width = 0 } = (await chart.boundingBox()) ?? {};
  await chart.hover({ position: { x: width * share, y: 60 } });
}

/** The middle of the first mark of a chart; Plotly's drag layer is above the marks. */
async function findMark(chart: Locator): Promise<[number, number]> {
  const mark = chart.locator('path.point').first();
  await mark.scrollIntoViewIfNeeded();
  const box = await mark.boundingBox();
  if (!box) throw new Error('there is no mark');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Readings of sensors, some seconds apart. */
async function postMany(
  startMs: number,
  sensors: readonly string[],
  readings: { count: number; stepMs: number },
) {
  const all = Array.from({ length: readings.count }, (_, place) => ({
    ...normalValues,
    temperature: 22 + (place % 5),
    sensor_id: sensors[place % sensors.length],
    timestamp: new Date(startMs + place * readings.stepMs).toISOString(),
  }));
  for (let from = 0; from < all.length; from += 1000)
    await axios.post(`${apiUrl}/predict`, all.slice(from, from + 1000));
}

function readSpanMs(page: Page): number {
  const { searchParams } = new URL(page.url());
  return Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '');
}

async function seesSpan(page: Page, isRight: (spanMs: number) => boolean): Promise<void> {
  await expect.poll(() => isRight(readSpanMs(page))).toBe(true);
}

test.describe('the charts', () => {
  test('show the time and the values of all features at the pointer', async ({ page, open }) => {
    await post('hover', '10:45:00', anomalousValues);
    await post('hover', '10:15:00', { temperature: 22.5, humidity: 51.5, sound_volume: 61.5 });
    await open(toQuery('hover', ['10:00', '11:00']));
    await pointAt(page, 0.25);
    for (const text of [`${day} 10:15:00`, 'Temperature 22.5 °C', 'Humidity 51.5 %', 'Noise level 61.5 dB'])
      await expect(hoverBox(page).getByText(text)).toBeVisible();
    await pointAt(page, 0.75);
    await expect(hoverBox(page).getByText('Anomaly: Temperature 19.5 °C')).toBeVisible();
  });

  test('open the explanation of an anomaly that is clicked', async ({ page, open }) => {
    await post('clicked', '10:45:00', anomalousValues);
    for (const minute of ['43', '44', '46', '47']) await post('clicked', `10:${minute}:00`, normalValues);
    await open(toQuery('clicked', ['10:00', '11:00']));
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    const place = await findMark(page.locator('.js-plotly-plot').first());
    await page.mouse.click(place[0], place[1] - 50);
    await expect(page).not.toHaveURL(/reading=/);
    await page.mouse.move(...place);
    await page.mouse.click(...place);
    await expect(page).toHaveURL(/reading=/);
    await expect(page.getByRole('dialog')).toBeVisible();
  });

  test('zoom about the pointer by Ctrl and the wheel, and go back; without Ctrl, the page scrolls', async ({
    page,
    open,
  }) => {
    await post('wheel', '10:30:00', normalValues);
    await open(toQuery('wheel', ['10:00', '11:00']));
    await pointAt(page, 0.5);
    await page.mouse.wheel(0, 100);
    await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(0);
    expect(readSpanMs(page)).toBe(60 * 60_000);
    await pointAt(page, 0.5);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await seesSpan(page, (spanMs) => spanMs < 60 * 60_000);
    await page.getByRole('group', { name: 'Time window' }).getByRole('button', { name: 'Back' }).click();
    await seesSpan(page, (spanMs) => spanMs === 60 * 60_000);
  });

  test('ask for the window that a drag selects, and go back by a double click', async ({ page, open }) => {
    await post('drag', '10:30:00', normalValues);
    await open(toQuery('drag', ['10:00', '11:00']));
    await pointAt(page, 0.25);
    await page.mouse.down();
    const { x = 0, y = 0, width = 0 } = (await page.locator('.nsewdrag').first().boundingBox()) ?? {};
    await page.mouse.move(x + width * 0.5, y + 60, { steps: 3 });
    const asked = page.waitForRequest((request) => request.url().includes('/series'));
    await page.mouse.move(x + width * 0.75, y + 60, { steps: 3 });
    await page.mouse.up();
    await seesSpan(page, (spanMs) => Math.abs(spanMs - 30 * 60_000) < 60_000);
    const inView = new URL(page.url()).searchParams.get('from');
    expect(new URL((await asked).url()).searchParams.get('from')).toBe(inView);
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await page
      .locator('.nsewdrag')
      .first()
      .dblclick({ position: { x: width * 0.4, y: 60 } });
    await seesSpan(page, (spanMs) => spanMs === 60 * 60_000);
  });

  test('say in words and in a table what they show, gaps among it', async ({ page, open }) => {
    await post('gap', '10:54:00', anomalousValues);
    for (const minute of ['01', '02', '03', '04', '50', '51', '52', '53'])
      await post('gap', `10:${minute}:00`, normalValues);
    await open(toQuery('gap', ['10:00', '11:00']));
    await expect(
      page.getByRole('img', { name: /^Temperature over time: 9 readings.*1 anomaly, 1 gap\./ }),
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
    await postMany(Date.parse(`${day}T06:00:00.000Z`), ['many'], { count: 5000, stepMs: 6000 });
    await post('many', '10:30:01', anomalousValues);
    await open(toQuery('many', ['06:00', '15:00']));
    await expect(
      page.getByText(/^Each point is 1 min: minimum, mean, maximum; 5\s001 readings$/),
    ).toBeVisible();
    await expect(page.locator('.legend').getByText('Minimum to maximum')).toBeVisible();
    await pointAt(page, 0.45);
    await expect(hoverBox(page).getByText('Temperature mean 24.0 °C (22.0 to 26.0)')).toBeVisible();
    await pointAt(page, 0.5);
    await expect(hoverBox(page).getByText('Anomaly: Temperature 19.5 °C')).toBeVisible();
    await expect(page.getByText(/^500 of 5\s001 readings: the newest of each fifth/)).toBeVisible();
  });

  test('draw a line per sensor up to six, and one for all of more', async ({ page, open }) => {
    const sensors = Array.from({ length: 1000 }, (_, place) => `line-${place}`);
    const startMs = Date.parse('2026-02-05T06:00:00.000Z');
    await postMany(startMs, sensors, { count: 5000, stepMs: 6000 });
    const entries = page.locator('.js-plotly-plot').first().locator('.legend');
    const openDay = async (...chosen: string[]) => {
      const window = '?mode=historical&zone=UTC&from=2026-02-05T06:00:00.000Z&to=2026-02-05T15:00:00.000Z';
      await open([window, ...chosen.map((sensor) => `sensor=${sensor}`)].join('&'));
    };
    await openDay('line-1', 'line-2');
    await expect(
      page.getByRole('img', { name: /^Temperature over time: 10 readings of 2 sensors/ }),
    ).toBeVisible();
    for (const name of ['line-1', 'line-2'])
      await expect(entries.getByText(name, { exact: true })).toBeVisible();
    await page.getByText('Time series as a table').click();
    const table = page.getByRole('table', { name: 'Time series' });
    await expect(table.getByRole('columnheader', { name: 'Sensor' })).toBeVisible();

    const six = sensors.slice(0, 6);
    await openDay(...six);
    for (const name of six) await expect(entries.getByText(name, { exact: true })).toBeVisible();

    await openDay();
    await expect(page.getByText(/^Each point is .*; 5\s000 readings$/)).toBeVisible();
    await expect(entries.getByText('Mean', { exact: true })).toBeVisible();
    await expect(entries.getByText('Minimum to maximum')).toBeVisible();
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
    await page.getByRole('group', { name: 'Time window' }).getByRole('button', { name: 'Zoom in' }).click();
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
  test('keeps its axes in the URL, and is described by text', async ({ page, open }) => {
    await post('pair', '10:31:00', anomalousValues);
    await post('pair', '10:30:00', normalValues);
    await open(toQuery('pair', ['10:00', '11:00']));
    const panel = page.getByRole('region', { name: 'Scatter plot', exact: true });
    await expect(panel.getByRole('img', { name: /^Temperature \(°C\) against Humidity/ })).toBeVisible();
    await panel.getByRole('combobox', { name: 'X', exact: true }).selectOption({ label: 'Noise level' });
    await panel.getByRole('combobox', { name: 'Y', exact: true }).selectOption({ label: 'Humidity' });
    const chart = { name: 'Humidity (%) against Noise level (dB): 1 normal reading and 1 anomaly' };
    await expect(panel.getByRole('img', chart)).toBeVisible();
    await page.reload();
    await expect(panel.getByRole('img', chart)).toBeVisible();
  });

  test('shows the values of a mark at the pointer, and its explanation after a click', async ({
    page,
    open,
  }) => {
    await post('marks', '10:32:00', anomalousValues);
    await open(toQuery('marks', ['10:00', '11:00']));
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    const chart = page.getByRole('img', { name: /^Temperature \(°C\) against Humidity/ });
    const place = await findMark(chart);
    await page.mouse.move(...place);
    for (const text of ['Temperature 19.5 °C', 'Humidity 41.0 %', 'Anomaly'])
      await expect(chart.locator('.hoverlayer').getByText(text)).toBeVisible();
    await page.mouse.click(...place);
    await expect(page).toHaveURL(/reading=/);
  });
});

test.describe('the distribution', () => {
  test('has the scores as a table, the threshold beside them', async ({ page, open }) => {
    await post('scores', '10:30:00', normalValues);
    await open(toQuery('scores', ['10:00', '11:00']));
    const panel = page.getByRole('region', { name: 'Distribution of predictions' });
    await expect(panel.getByText('Anomaly above 0.5')).toBeVisible();
    await panel.getByText('Scores as a table').click();
    const rows = panel.getByRole('table', { name: 'Scores' }).getByRole('row');
    await expect(rows).toHaveCount(21);
  });
});
