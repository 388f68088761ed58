import axios from 'axios';
import { describe, expect, inject } from 'vitest';
import { sees, test } from '../testing/dashboard-test.ts';
import { findViolations } from '../testing/find-violations.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';

const apiUrl = inject('apiUrl');

/** Without a model. */
const pump = {
  name: 'pump',
  features: [
    { name: 'rpm', title: 'Speed', unit: '1/min', min: 0, decimals: 0 },
    { name: 'vibration [mm/s]', title: 'Vibration', unit: 'mm/s', decimals: 2 },
  ],
};

describe('another sensor type', () => {
  test('is chosen in the header, and its readings are shown, but none as normal', async ({ dashboard }) => {
    const { page, open, row, alertBox } = dashboard;
    await axios.post(`${apiUrl}/types`, pump);
    await postReading(apiUrl, { ...normalValues, sensor_id: 'hall' });
    const reading = { type: 'pump', sensor_id: 'pump-1' };
    await postReading(apiUrl, { ...reading, rpm: 1450, 'vibration [mm/s]': 2.5 });
    await postReading(apiUrl, { ...reading, rpm: 1460.2, 'vibration [mm/s]': null });
    await open('?sensor=hall&sort=temperature&temperature_min=20');
    await page.getByRole('combobox', { name: 'Type' }).selectOption('pump');

    await sees(alertBox().getByText('No model yet'));
    const notice = page.getByRole('region', { name: 'No model yet' });
    await sees(notice.getByText('npm run train -- --data labeled.csv --type pump'));
    await sees(notice.getByText('npm run model:import -- model.pkl --type pump'));
    await expect.poll(() => new URL(page.url()).searchParams.get('type')).toBe('pump');
    const search = new URL(page.url()).searchParams;
    for (const name of ['sensor', 'sort', 'temperature_min'])
      expect([name, search.has(name)]).toEqual([name, false]);

    await sees(row('1460').filter({ hasText: '–' }).filter({ hasText: 'Not scored' }));
    await sees(row('2.50'));
    await sees(page.getByRole('group', { name: 'Speed' }).getByText('1455'));
    await sees(page.getByRole('group', { name: 'Vibration' }).getByText('mm/s'));
    for (const name of [/^Speed over time: 2 readings/, /^Vibration over time: 2 readings/])
      await sees(page.getByRole('img', { name }));
    await sees(page.getByRole('img', { name: /^Speed \(1\/min\) against Vibration \(mm\/s\): 1 reading/ }));
    await sees(page.getByRole('region', { name: 'Distribution of predictions' }).getByText('Not scored'));
    expect(await row('Normal').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'CSV link' }).getAttribute('href')).toContain('type=pump');
    expect(await findViolations(page)).toEqual([]);
  });

  test('is filtered by its features, and follows the stream', async ({ dashboard }) => {
    const { page, row } = dashboard;
    await axios.post(`${apiUrl}/types`, pump);
    const reading = { type: 'pump', sensor_id: 'pump-2', 'vibration [mm/s]': 1 };
    await postReading(apiUrl, { ...reading, rpm: 900 });
    // The requests of a shared worker cannot be seen. Without one, each window has a stream of its own.
    await page.addInitScript('delete globalThis.SharedWorker');
    const streamed = page.waitForRequest((request) => request.url().includes('/stream?type=pump'));
    await page.goto(`${inject('dashboardUrl')}/?type=pump&sensor=pump-2`);
    await streamed;
    await page.getByRole('textbox', { name: 'Speed minimum' }).fill('1000');
    await sees(page.getByText('No readings in this window match the filters.'));
    await postReading(apiUrl, { ...reading, rpm: 1100 });
    await sees(row('1100'));
    await expect.poll(() => page.url()).toContain('rpm_min=1000');
  });

  test('goes back to the default type', async ({ dashboard }) => {
    const { page } = dashboard;
    await axios.post(`${apiUrl}/types`, pump);
    await page.goto(`${inject('dashboardUrl')}/?type=pump&view=sensors`);
    await sees(page.getByRole('columnheader', { name: 'Vibration' }));
    await page.getByRole('combobox', { name: 'Type' }).selectOption('climate');
    await sees(page.getByRole('columnheader', { name: 'Temperature' }));
    await expect.poll(() => new URL(page.url()).searchParams.has('type')).toBe(false);
  });
});
