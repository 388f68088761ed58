import axios from 'axios';
import { findViolations } from '../testing/find-violations.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

/** Without a model. */
const pump = {
  name: 'pump',
  features: [
    { name: 'rpm', title: 'Speed', unit: '1/min', min: 0, decimals: 0 },
    { name: 'vibration [mm/s]', title: 'Vibration', unit: 'mm/s', decimals: 2 },
  ],
};

test.describe('another sensor type', () => {
  test('is chosen in the header, and its readings are shown, but none as normal', async ({
    page,
    open,
    row,
    alertBox,
  }) => {
    await axios.post(`${apiUrl}/types`, pump);
    await postReading(apiUrl, { ...normalValues, sensor_id: 'hall' });
    const reading = { type: 'pump', sensor_id: 'pump-1' };
    await postReading(apiUrl, { ...reading, rpm: 1450, 'vibration [mm/s]': 2.5 });
    await postReading(apiUrl, { ...reading, rpm: 1460.2, 'vibration [mm/s]': null });
    await open('?sensor=hall&sort=temperature&temperature_min=20');
    await page.getByRole('combobox', { name: 'Type' }).selectOption('pump');

    await expect(alertBox().getByText('No model yet')).toBeVisible();
    const notice = page.getByRole('region', { name: 'No model yet' });
    await expect(notice.getByText('npm run train -- --data labeled.csv --type pump')).toBeVisible();
    await expect(notice.getByText('npm run model:import -- model.pkl --type pump')).toBeVisible();
    await expect.poll(() => new URL(page.url()).searchParams.get('type')).toBe('pump');
    const search = new URL(page.url()).searchParams;
    for (const name of ['sensor', 'sort', 'temperature_min'])
      expect([name, search.has(name)]).toEqual([name, false]);

    await expect(row('1460').filter({ hasText: '–' }).filter({ hasText: 'Not scored' })).toBeVisible();
    await expect(row('2.50')).toBeVisible();
    await expect(page.getByRole('group', { name: 'Speed' }).getByText('1455')).toBeVisible();
    await expect(page.getByRole('group', { name: 'Vibration' }).getByText('mm/s').first()).toBeVisible();
    for (const name of [/Speed over time: 2 readings/, /Vibration over time: 2 readings/])
      await expect(page.getByRole('img', { name })).toBeVisible();
    await expect(
      page.getByRole('img', { name: /^Speed \(1\/min\) against Vibration \(mm\/s\): 1 reading/ }),
    ).toBeVisible();
    await expect(
      page.getByRole('region', { name: 'Distribution of predictions' }).getByText('Not scored'),
    ).toBeVisible();
    await expect(page.getByRole('cell', { name: 'Normal', exact: true })).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Export CSV' })).toHaveAttribute('href', /type=pump/);
    expect(await findViolations(page)).toEqual([]);
  });

  test('is filtered by its features, and follows the stream', async ({ page, row }) => {
    await axios.post(`${apiUrl}/types`, pump);
    const reading = { type: 'pump', sensor_id: 'pump-2', 'vibration [mm/s]': 1 };
    await postReading(apiUrl, { ...reading, rpm: 900 });
    // The requests of a shared worker cannot be seen. Without one, each window has a stream of its own.
    await page.addInitScript('delete globalThis.SharedWorker');
    const streamed = page.waitForRequest((request) => request.url().includes('/stream?type=pump'));
    await page.goto('/?type=pump&sensor=pump-2');
    await streamed;
    await page.getByRole('textbox', { name: 'Speed minimum' }).fill('1000');
    await expect(page.getByText('No readings in this window match the filters.')).toBeVisible();
    await postReading(apiUrl, { ...reading, rpm: 1100 });
    await expect(row('1100')).toBeVisible();
    await expect(page).toHaveURL(/rpm_min=1000/);
  });

  test('goes back to the default type', async ({ page }) => {
    await axios.post(`${apiUrl}/types`, pump);
    await page.goto('/?type=pump&view=sensors');
    await expect(page.getByRole('columnheader', { name: 'Vibration' })).toBeVisible();
    await page.getByRole('combobox', { name: 'Type' }).selectOption('climate');
    await expect(page.getByRole('columnheader', { name: 'Temperature' })).toBeVisible();
    await expect.poll(() => new URL(page.url()).searchParams.has('type')).toBe(false);
  });

  test('shows six of many features, and others that are chosen by keyboard', async ({ page }) => {
    const features = Array.from({ length: 12 }, (_, place) => ({
      name: `f${place + 1}`,
      title: `Force ${place + 1}`,
    }));
    await axios.post(`${apiUrl}/types`, { name: 'press', features });
    const values = Object.fromEntries(features.map(({ name }, place) => [name, place]));
    await postReading(apiUrl, { type: 'press', sensor_id: 'press-1', ...values });
    await page.goto('/?type=press');
    const charts = page.getByRole('region', { name: 'Time series', exact: true });
    await expect(charts.getByRole('img', { name: /Force 6 over time/ })).toBeVisible();
    await expect(charts.getByRole('img', { name: /Force 7 over time/ })).toHaveCount(0);
    const button = charts.getByRole('button', { name: 'Features: 6 of 12' });
    await button.press('Enter');
    const search = page.getByRole('combobox', { name: 'Search features' });
    await expect(search).toBeFocused();
    await page.keyboard.type('Force 12');
    const list = page.getByRole('listbox', { name: 'Features' });
    await expect(list.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(list.getByRole('option', { name: 'Force 12', selected: true })).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(charts.getByRole('img', { name: /Force 12 over time/ })).toBeVisible();
    await expect(page.getByRole('group', { name: 'Force 12' })).toBeVisible();
    await expect(page).toHaveURL(/feature=f12/);
    await page.reload();
    await expect(charts.getByRole('button', { name: 'Features: 7 of 12' })).toBeVisible();
  });
});
