import type { Page } from '@playwright/test';
import axios from 'axios';
import { anomalousValues, normalValues } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Fleet timeline' });
const panel = (page: Page) => page.getByRole('region', { name: 'Fleet', exact: true });

/** The row of a sensor: its cell says what is at the cursor, or what the sensor did in the window. */
function cell(page: Page, sensor: string) {
  const row = grid(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: sensor, exact: true }) });
  return row.getByRole('gridcell');
}

/** `{minutes}` sends six readings a minute from ten o'clock on; in `anomalous` minutes the first two are anomalies. */
interface Sent {
  sensor_id: string;
  minutes: readonly number[];
  anomalous?: readonly number[];
}

const startMs = Date.parse('2025-08-01T10:00:00.000Z');

async function send({ sensor_id, minutes, anomalous = [] }: Sent): Promise<void> {
  const readings = minutes.flatMap((minute) =>
    Array.from({ length: 6 }, (_, place) => ({
      ...(anomalous.includes(minute) && place < 2 ? anomalousValues : normalValues),
      sensor_id,
      timestamp: new Date(startMs + minute * 60_000 + place * 10_000).toISOString(),
    })),
  );
  await axios.post(`${apiUrl}/predict`, readings);
}

const tenMinutes = Array.from({ length: 10 }, (_, minute) => minute);
const window = 'from=2025-08-01T10:00:00.000Z&to=2025-08-01T10:10:00.000Z';

function toQuery(...sensors: string[]): string {
  const selected = sensors.map((sensor) => `&sensor=${sensor}`).join('');
  return `?mode=historical&${window}&zone=UTC${selected}`;
}

/** The time and the sensors in the URL, as the browser has it. */
async function readPlace(page: Page) {
  const query = new URLSearchParams(String(await page.evaluate('location.search')));
  return [
    query.getAll('sensor'),
    query.get('mode'),
    query.get('from')?.slice(11, 19),
    query.get('to')?.slice(11, 19),
  ];
}

/** Moves the cursor, which starts in the newest bucket of the first row. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  await grid(page).focus();
  for (const key of keys) await grid(page).press(key);
}

test.describe('the fleet timeline', () => {
  test('has the worst sensor first, and says what each one did', async ({ page, open }) => {
    await send({ sensor_id: 'fleet-calm', minutes: tenMinutes, anomalous: [3] });
    await send({ sensor_id: 'fleet-bad', minutes: tenMinutes, anomalous: [3, 4, 7] });
    await send({ sensor_id: 'fleet-good', minutes: tenMinutes });
    await open(toQuery('fleet-calm', 'fleet-bad', 'fleet-good'));
    await expect(grid(page).getByRole('rowheader')).toHaveText(['fleet-bad', 'fleet-calm', 'fleet-good']);
    await expect(panel(page).getByText('3 sensors, worst first')).toBeVisible();
    await expect(cell(page, 'fleet-bad')).toHaveAccessibleName(/6 of 60 readings were anomalies/);
    await expect(cell(page, 'fleet-calm')).toHaveAccessibleName(/2 of 60 readings were anomalies/);
    await expect(cell(page, 'fleet-good')).toHaveAccessibleName(/60 readings, no anomaly/);
    await panel(page).getByText('Fleet as a table').click();
    const table = panel(page).getByRole('table', { name: 'Fleet', exact: true });
    await expect(table.getByRole('row', { name: /^fleet-bad/ }).getByRole('cell')).toHaveText([
      /now$/,
      '60',
      '6',
      '10.0 %',
      /^\d+$/,
    ]);
  });

  test('opens the sensor at the time of a click', async ({ page, open }) => {
    await send({ sensor_id: 'fleet-left', minutes: tenMinutes, anomalous: [1] });
    await send({ sensor_id: 'fleet-clicked', minutes: tenMinutes });
    await open(toQuery('fleet-left', 'fleet-clicked'));
    const { width, height } = (await cell(page, 'fleet-clicked').boundingBox()) ?? { width: 0, height: 0 };
    const position = { x: width * 0.55, y: height / 2 };
    await cell(page, 'fleet-clicked').hover({ position });
    await expect(panel(page).getByText('10:05 – 10:06: 6 readings, no anomaly')).toBeVisible();
    await cell(page, 'fleet-clicked').click({ position });
    await expect
      .poll(() => readPlace(page))
      .toEqual([['fleet-clicked'], 'historical', '10:04:00', '10:07:00']);
    await expect(page.getByText(/of 18$/)).toBeVisible();
    await expect(panel(page).getByText('1 sensor', { exact: true })).toBeVisible();
    await page.goBack();
    await expect(grid(page).getByRole('rowheader')).toHaveText(['fleet-left', 'fleet-clicked']);
    await grid(page).getByRole('rowheader', { name: 'fleet-left' }).click();
    await expect.poll(() => readPlace(page)).toEqual([['fleet-left'], 'historical', '10:00:00', '10:10:00']);
  });

  test('is used by keyboard', async ({ page, open }) => {
    await send({ sensor_id: 'fleet-keys', minutes: tenMinutes, anomalous: [2, 3] });
    await send({ sensor_id: 'fleet-next', minutes: tenMinutes, anomalous: [8] });
    await open(toQuery('fleet-keys', 'fleet-next'));
    await press(page);
    await expect(cell(page, 'fleet-keys')).toHaveAccessibleName(
      /^fleet-keys, 2025-08-01 10:09 – 10:10: 6 readings, no anomaly/,
    );
    await press(page, 'Home', 'ArrowRight', 'ArrowRight');
    await expect(cell(page, 'fleet-keys')).toHaveAccessibleName(
      /^fleet-keys, 2025-08-01 10:02 – 10:03: 2 of 6 readings were anomalies/,
    );
    const active = await grid(page).getAttribute('aria-activedescendant');
    await expect(cell(page, 'fleet-keys')).toHaveId(active ?? '');
    await press(page, 'ArrowDown', 'End', 'ArrowLeft', 'Enter');
    await expect.poll(() => readPlace(page)).toEqual([['fleet-next'], 'historical', '10:07:00', '10:10:00']);
  });

  test('tells a silence from a bucket without anomalies', async ({ page, open }) => {
    await send({ sensor_id: 'fleet-pausing', minutes: [0, 1, 2, 7, 8, 9] });
    await open(toQuery('fleet-pausing'));
    await press(page, 'Home', 'ArrowRight', 'ArrowRight');
    await expect(cell(page, 'fleet-pausing')).toHaveAccessibleName(/10:02 – 10:03: 6 readings/);
    await press(page, 'Home', ...Array<string>(4).fill('ArrowRight'));
    await expect(cell(page, 'fleet-pausing')).toHaveAccessibleName(/10:04 – 10:05: silent$/);
  });

  test('leaves rows where they are while the pointer is among them', async ({ page, open }) => {
    const readings = (sensor_id: string, values: object) =>
      axios.post(`${apiUrl}/predict`, [
        { ...values, sensor_id },
        { ...normalValues, sensor_id },
      ]);
    await readings('fleet-above', anomalousValues);
    await readings('fleet-below', normalValues);
    await open('?sensor=fleet-above&sensor=fleet-below');
    const names = grid(page).getByRole('rowheader');
    await expect(names).toHaveText(['fleet-above', 'fleet-below']);
    await names.first().hover();
    for (let sent = 0; sent < 4; sent++) await readings('fleet-below', anomalousValues);
    await expect(cell(page, 'fleet-below')).toHaveAccessibleName(/4 of 10 readings were anomalies/);
    await expect(names).toHaveText(['fleet-above', 'fleet-below']);
    // One more, so that it is worse by the share too, if nothing fires.
    await readings('fleet-above', normalValues);
    await expect(cell(page, 'fleet-above')).toHaveAccessibleName(/1 of 4 readings was an anomaly/);
    await page.mouse.move(0, 0);
    await expect(names).toHaveText(['fleet-below', 'fleet-above']);
  });

  test('shows last night after two clicks', async ({ page, open }) => {
    await open('?zone=UTC');
    await page.getByRole('button', { name: /^Time window:/ }).click();
    await page.getByRole('button', { name: 'Last night' }).click();
    await expect
      .poll(async () => (await readPlace(page)).slice(0, 3))
      .toEqual([[], 'historical', '18:00:00']);
    await expect(panel(page)).toBeVisible();
  });
});

test('a storm of 1000 sensors leaves the page usable', async ({ page, ownSystem }) => {
  const names = Array.from({ length: 1000 }, (_, place) => `storm-${String(place).padStart(3, '0')}`);
  const lines = Array.from({ length: 6 }, (_, round) =>
    names.map((sensor_id, place) =>
      JSON.stringify({ ...(place % 3 === 0 && round % 2 === 0 ? anomalousValues : normalValues), sensor_id }),
    ),
  );
  for (const round of lines)
    await axios.post(`${ownSystem.apiUrl}/predict`, round.join('\n'), {
      headers: { 'content-type': 'application/x-ndjson' },
    });
  await page.goto(ownSystem.dashboardUrl);
  await expect(grid(page)).toHaveAttribute('aria-rowcount', /^1000$/);
  await expect(panel(page).getByText(/worst first/)).toBeVisible();
  expect(await grid(page).getByRole('row').count()).toBeLessThan(30);
  await press(page, 'Control+End');
  await expect(grid(page).getByRole('row').last()).toHaveAttribute('aria-rowindex', '1000');
  expect(await grid(page).getByRole('row').count()).toBeLessThan(30);
  await page.keyboard.press('s');
  await page.getByRole('combobox', { name: 'Search sensors' }).fill('storm-500');
  await page.getByRole('option', { name: 'storm-500' }).click();
  await page.keyboard.press('Escape');
  await expect(grid(page).getByRole('rowheader')).toHaveText(['storm-500']);
  await expect(cell(page, 'storm-500')).toHaveAccessibleName(/6 readings, no anomaly/);
});
