import axios from 'axios';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, inject } from 'vitest';
import { sees, test } from '../testing/dashboard-test.ts';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';

const apiUrl = inject('apiUrl');
const dashboardUrl = inject('dashboardUrl');

const agoMs = 2 * 3_600_000;

async function open(page: Page, query: string): Promise<void> {
  await page.goto(`${dashboardUrl}/${query}`);
}

function sensorRow(page: Page, name: string) {
  return page.getByRole('table', { name: 'Sensors' }).getByRole('row', { name });
}

const rule = 'Two in a row';

/** The row of an incident of the rule that is as the text says. */
function incident(page: Page, sensor: string, text: RegExp) {
  const rows = page.getByRole('table', { name: 'Incidents' }).getByRole('row', { name: sensor });
  return rows.filter({ hasText: rule }).filter({ hasText: text });
}

// Send normal readings last: they set the state of the sensor, and the alert box of other tests.
async function postAll(sensor_id: string, readings: readonly Record<string, number>[]): Promise<void> {
  for (const values of readings) await postReading(apiUrl, { ...values, sensor_id });
}

// Sent first: while the other tests run, most of the 60 s pass after which a sensor is silent.
beforeAll(async () => {
  await axios.put(`${apiUrl}/rules/${encodeURIComponent(rule)}`, {
    condition: { kind: 'anomalies_in_a_row', count: 2 },
    labels: { severity: 'critical' },
  });
  await postReading(apiUrl, { ...normalValues, sensor_id: 'forgotten' });
});

// Before there are more sensors than the page lists: a normal one is not among the worst.
describe('the alerts of few sensors', () => {
  test('an incident fires, is acknowledged, clears, and turns out to be a false alarm', async ({
    dashboard,
  }) => {
    const { page, alertBox } = dashboard;
    await postAll('kiln', [normalValues]);
    await open(page, '?view=alerts&sensor=kiln');
    await sees(page.getByText('No incidents in this window'));
    const state = page.getByRole('region', { name: 'Sensor states' });
    await sees(state.getByText('1 sensor normal'));
    await postAll('kiln', [anomalousValues]);
    await sees(state.getByText('1 sensor anomalous'));
    await postAll('kiln', [anomalousValues]);
    await sees(incident(page, 'kiln', /Firing.*Critical.*firing for/));
    await sees(page.getByText('1 incident, 1 firing'));

    await open(page, '');
    await sees(alertBox().getByText(/incidents?: /));
    await alertBox()
      .getByRole('link', { name: /on the page Alerts$/ })
      .click();
    await sees(incident(page, 'kiln', /Firing/));
    // The link opened the details if no other incident was firing.
    await open(page, '?view=alerts&sensor=kiln');
    await page.getByRole('button', { name: `${rule} (details of the incident of kiln` }).click();
    const dialog = page.getByRole('dialog', { name: `${rule}, kiln` });
    await dialog.getByRole('textbox', { name: 'Comment' }).fill('On my way');
    await dialog.getByRole('button', { name: 'Acknowledge with comment' }).click();
    await sees(dialog.getByText('Acknowledged: On my way'));
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await sees(incident(page, 'kiln', /Acknowledged/));

    await postAll('kiln', [normalValues]);
    await sees(incident(page, 'kiln', /Cleared/));
    await incident(page, 'kiln', /Cleared/)
      .getByRole('button')
      .click();
    await sees(dialog.getByRole('region', { name: 'Peak reading' }).getByText(/^Raised mostly by /));
    await dialog.getByRole('button', { name: 'False alarm' }).click();
    await sees(dialog.getByRole('button', { name: 'False alarm', pressed: true }));
    await page.keyboard.press('Escape');
    await sees(incident(page, 'kiln', /Cleared, false alarm/));
  });

  test('an incident is commented on, resolved by a person, and leads to its charts', async ({
    dashboard,
  }) => {
    const { page } = dashboard;
    await postAll('oven', [normalValues, anomalousValues, anomalousValues]);
    await open(page, '?view=alerts&sensor=oven');
    await incident(page, 'oven', /Firing/)
      .getByRole('button')
      .click();
    const dialog = page.getByRole('dialog', { name: `${rule}, oven` });
    await dialog.getByRole('textbox', { name: 'Comment' }).fill('Door closed');
    await page.keyboard.press('Enter');
    await sees(dialog.getByRole('listitem').filter({ hasText: 'Door closed' }));
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await sees(dialog.getByRole('listitem').filter({ hasText: 'Resolved' }));
    await page.keyboard.press('Escape');
    await sees(incident(page, 'oven', /Resolved/));
    await sees(page.getByText('1 incident, 0 firing'));
    await postAll('oven', [normalValues]);
    await page.getByRole('link', { name: /^Show the incident of oven/ }).click();
    await sees(page.getByRole('region', { name: 'Alert' }).getByText('Historical data'));
    await expect.poll(() => page.url()).toContain('mode=historical');
    expect(new URL(page.url()).searchParams.getAll('sensor')).toEqual(['oven']);
    await sees(page.getByRole('list', { name: 'Legend', exact: true }).getByText('Incident'));
  });
});

describe('the sensors', () => {
  test('are all there, a thousand of them; one is searched for and opened', async ({ dashboard }) => {
    const { page } = dashboard;
    const timestamp = new Date(Date.now() - agoMs).toISOString();
    const readings = Array.from({ length: 1000 }, (_, index) => ({
      ...normalValues,
      sensor_id: `turbine-${String(index).padStart(4, '0')}`,
      timestamp,
    }));
    await axios.post(`${apiUrl}/predict`, readings);
    await open(page, '?view=sensors&sensor_search=turbine');
    await sees(page.getByText('1\u202f000 sensors found'));
    await sees(sensorRow(page, 'turbine-0000'));
    expect(await page.getByRole('table', { name: 'Sensors' }).getByRole('row').count()).toBeLessThan(60);
    await page.getByRole('button', { name: 'Sensor', exact: true }).click();
    await sees(sensorRow(page, 'turbine-0999'));
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('TURBINE-07');
    await sees(page.getByText('100 sensors found'));
    await search.fill('0777');
    await sees(page.getByText('1 sensor found'));
    await sees(sensorRow(page, 'turbine-0777').getByText(/, measured at /));
    await page.getByRole('link', { name: 'turbine-0777' }).click();
    await sees(page.getByRole('region', { name: 'Alert' }));
    await expect.poll(() => new URL(page.url()).searchParams.getAll('sensor')).toEqual(['turbine-0777']);
    await page.goBack();
    await expect.poll(() => search.inputValue()).toBe('0777');
    await search.fill('no such');
    await sees(page.getByText('No sensor name contains “no such”'));
  });

  test('are loaded as they are scrolled to', async ({ dashboard }) => {
    const { page } = dashboard;
    await open(page, '?view=sensors&sensor_search=turbine');
    await sees(sensorRow(page, 'turbine-0000'));
    await page.getByRole('region', { name: 'Sensors table' }).focus();
    await page.keyboard.press('End');
    await page.getByText('· 200 loaded').waitFor();
  });

  test('say what they last sent, and when', async ({ dashboard, signal }) => {
    const { page } = dashboard;
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'ventilator' });
    await open(page, '?view=sensors&sensor_search=ventilator');
    const row = sensorRow(page, 'ventilator');
    await sees(row.getByText('Anomaly'));
    await sees(row.getByText(/^\d+ s ago$/));
    await sees(row.getByText('19.5 °C'));
    await sees(row.getByRole('img', { name: /^Anomaly rate in the last hour: up to 100.0 %/ }));
    await waitUntil(async () => {
      await postReading(apiUrl, { ...normalValues, sensor_id: 'ventilator' });
      return row.getByText('Normal').first().isVisible();
    }, signal);
    await page.getByRole('combobox', { name: 'Show in sparkline' }).selectOption('Temperature');
    await sees(row.getByRole('img', { name: /^Temperature in the last hour: 2\d\.\d/ }));
  });
});

describe('a clock that is ahead', () => {
  test('is shown with the state of its sensor', async ({ dashboard }) => {
    const { page } = dashboard;
    const timestamp = new Date(Date.now() + 630_000).toISOString();
    await postReading(apiUrl, { ...normalValues, sensor_id: 'hasty', timestamp });
    const note = /clock 10 min( \d+ s)? ahead/;
    await open(page, '?view=sensors&sensor_search=hasty');
    await sees(sensorRow(page, 'hasty').getByText(note));
    await open(page, '?view=alerts&sensor=hasty');
    await sees(page.getByRole('listitem').filter({ hasText: 'hasty' }).getByText(note));
    await open(page, '?sensor=hasty');
    const values = page.getByRole('table', { name: 'Latest values' });
    await sees(values.getByRole('row', { name: 'hasty' }).getByText(note));
  });
});

describe('the choice of sensors', () => {
  test('finds one of a thousand, and loads none before it is opened', async ({ dashboard }) => {
    const { page } = dashboard;
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    await open(page, '');
    await sees(page.getByRole('region', { name: 'Readings' }));
    expect(requested).toContain('/api/alerts');
    expect(requested).not.toContain('/api/sensors');
    await page.keyboard.press('s');
    const search = page.getByRole('combobox', { name: 'Search sensors' });
    await search.fill('turbine-0');
    await sees(page.getByText('900 more. Type part of a name to find them.'));
    await search.fill('turbine-0999');
    const found = page.getByRole('listbox', { name: 'Sensors' }).getByRole('option');
    await expect.poll(() => found.allInnerTexts()).toEqual([expect.stringMatching(/turbine-0999/)]);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.getAll('sensor')).toEqual(['turbine-0999']);
  });
});

describe('the alerts', () => {
  test('follow the stream without an answer in between', async ({ dashboard, signal }) => {
    const { page } = dashboard;
    // First an anomaly, because of more than 1000 sensors, only the worst are listed.
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'streamed' });
    await open(page, '?view=alerts&sensor=streamed');
    const state = page.getByRole('region', { name: 'Sensor states' });
    await sees(state.getByText('1 sensor anomalous'));
    await page.route('**/api/alerts', () => undefined); // never answered; the page is closed at the end
    // A normal reading ends the state at least 10 s after the anomaly.
    await waitUntil(async () => {
      await postReading(apiUrl, { ...normalValues, sensor_id: 'streamed' });
      return state.getByText('1 sensor normal').isVisible();
    }, signal);
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'streamed' });
    await sees(state.getByText('1 sensor anomalous'));
  });

  test('say how many sensors are listed of more than a page, and link to all of them', async ({
    dashboard,
  }) => {
    const { page } = dashboard;
    await open(page, '?view=alerts');
    // A sensor that falls into anomaly joins the page.
    await sees(page.getByText(/^1\u202f0\d\d of 1\u202f\d{3} sensors, worst first/));
    await page.getByRole('link', { name: 'Show all sensors by state' }).click();
    await sees(page.getByRole('columnheader', { name: 'State' }).and(page.locator('[aria-sort=ascending]')));
  });

  test('a sensor from which nothing arrives any more is shown as silent', async ({ dashboard }) => {
    const { page } = dashboard;
    await open(page, '?view=alerts&sensor=forgotten');
    const silent = page.getByRole('listitem').filter({ hasText: 'forgotten' });
    await silent.getByText('Silent').waitFor({ timeout: 120_000 });
    await sees(silent.getByText(/no readings for \d+ min/));
  });

  test('say in history that the present is not shown, and list what was', async ({ dashboard }) => {
    const { page } = dashboard;
    const toIso = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
    await postAll('archive', [anomalousValues, anomalousValues, normalValues]);
    await open(page, `?view=alerts&mode=historical&from=${toIso(-60_000)}&to=${toIso(60_000)}`);
    await sees(page.getByText('This is a past time window.'));
    await sees(incident(page, 'archive', /Cleared/));
    await open(page, '?view=alerts&mode=historical&from=2026-01-06T09:00:00Z&to=2026-01-06T11:00:00Z');
    await sees(page.getByText('No incidents in this window'));
  });

  test('stay in view, and say so, while the API does not answer', async ({ dashboard }) => {
    const { page, context } = dashboard;
    await postAll('press', [anomalousValues, anomalousValues, normalValues]);
    await open(page, '?view=alerts&sensor=press');
    await sees(incident(page, 'press', /Cleared/));
    await context.setOffline(true);
    const incidents = page.getByRole('region', { name: 'Incidents', exact: true });
    await sees(incidents.getByText(/Not updated since/));
    await sees(incident(page, 'press', /Cleared/));
    await context.setOffline(false);
    await incidents.getByText(/Not updated since/).waitFor({ state: 'detached' });
  });
});

describe('both pages', () => {
  test.for(['sensors', 'alerts'])(
    '%s: nothing is found by Axe, in either theme, wide and narrow',
    async (view, { dashboard }) => {
      const { page } = dashboard;
      for (const [colorScheme, width] of [
        ['light', 1440],
        ['dark', 390],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await open(page, `?view=${view}&range=1h`);
        await sees(page.getByRole('table'));
        expect(await findViolations(page)).toEqual([]);
      }
    },
  );
});
