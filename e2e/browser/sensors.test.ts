import type { Page } from '@playwright/test';
import axios from 'axios';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const agoMs = 2 * 3_600_000;

async function open(page: Page, query: string): Promise<void> {
  await page.goto(`/${query}`);
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

/** Opens the details of an incident. */
async function openDetails(page: Page, sensor: string, text: RegExp): Promise<void> {
  await incident(page, sensor, text).getByRole('button', { name: 'details of the incident' }).click();
}

// Send normal readings last: they set the state of the sensor, and the alert box of other tests.
async function postAll(sensor_id: string, readings: readonly Record<string, number>[]): Promise<void> {
  for (const values of readings) await postReading(apiUrl, { ...values, sensor_id });
}

// Sent first: while the other tests run, most of the 60 s pass after which a sensor is silent.
test.beforeAll(async () => {
  await axios.put(`${apiUrl}/rules/${encodeURIComponent(rule)}`, {
    condition: { kind: 'anomalies_in_a_row', count: 2 },
    labels: { severity: 'critical' },
  });
  await postReading(apiUrl, { ...normalValues, sensor_id: 'forgotten' });
});

// Before there are more sensors than the page lists: a normal one is not among the worst.
test.describe('the alerts of few sensors', () => {
  test('an incident fires, is acknowledged, clears, and turns out to be a false alarm', async ({
    page,
    alertBox,
  }) => {
    await postAll('kiln', [normalValues]);
    await open(page, '?view=alerts&sensor=kiln');
    await expect(page.getByText('No incidents in this window')).toBeVisible();
    const state = page.getByRole('region', { name: 'Sensor states' });
    await expect(state.getByText('1 sensor normal')).toBeVisible();
    await postAll('kiln', [anomalousValues]);
    await expect(state.getByText('1 sensor anomalous')).toBeVisible();
    await postAll('kiln', [anomalousValues]);
    await expect(incident(page, 'kiln', /Critical.*Active for/)).toBeVisible();
    await expect(page.getByText('1 incident, 1 active')).toBeVisible();

    await open(page, '?sensor=kiln');
    await expect(alertBox().getByRole('heading', { name: `Incident: ${rule}, kiln` })).toBeVisible();
    await alertBox()
      .getByRole('link', { name: `Show ${rule}, kiln` })
      .click();
    const dialog = page.getByRole('dialog', { name: `${rule}, kiln` });
    await dialog.getByRole('textbox', { name: 'Comment' }).fill('On my way');
    await dialog.getByRole('button', { name: 'Acknowledge with comment' }).click();
    await expect(dialog.getByText('Acknowledged: On my way')).toBeVisible();
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(incident(page, 'kiln', /Acknowledged, active for/)).toBeVisible();

    await postAll('kiln', [normalValues]);
    await expect(incident(page, 'kiln', /Cleared/)).toBeVisible();
    await openDetails(page, 'kiln', /Cleared/);
    const peak = dialog.getByRole('region', { name: 'Most unusual reading' });
    await expect(peak.getByText(/^Humidity 41.0\s% is below the usual /)).toBeVisible();
    await page.keyboard.press('n');
    await expect(dialog.getByRole('button', { name: 'False alarm', pressed: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(incident(page, 'kiln', /Cleared after .*, false alarm/)).toBeVisible();
  });

  test('an incident is commented on, resolved by a person, and leads to its charts', async ({ page }) => {
    await postAll('oven', [normalValues, anomalousValues, anomalousValues]);
    await open(page, '?view=alerts&sensor=oven');
    await openDetails(page, 'oven', /Active/);
    const dialog = page.getByRole('dialog', { name: `${rule}, oven` });
    await dialog.getByRole('textbox', { name: 'Comment' }).fill('Door closed');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Door closed' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Resolved' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(incident(page, 'oven', /Resolved/)).toBeVisible();
    await expect(page.getByText('1 incident, 0 active')).toBeVisible();
    await postAll('oven', [normalValues]);
    await openDetails(page, 'oven', /Resolved/);
    await dialog.getByRole('link', { name: 'Show charts of this time' }).click();
    await expect(
      page.getByRole('region', { name: 'Alert' }).getByText('Past data', { exact: true }),
    ).toBeVisible();
    await expect(page).toHaveURL(/mode=historical/);
    expect(new URL(page.url()).searchParams.getAll('sensor')).toEqual(['oven']);
    await expect(page.locator('.legend').getByText('Incident')).toBeVisible();
  });
});

test.describe('the sensors', () => {
  test('are all there, a thousand of them; one is searched for and opened', async ({ page }) => {
    const timestamp = new Date(Date.now() - agoMs).toISOString();
    const readings = Array.from({ length: 1000 }, (_, index) => ({
      ...normalValues,
      sensor_id: `turbine-${String(index).padStart(4, '0')}`,
      timestamp,
    }));
    await axios.post(`${apiUrl}/predict`, readings);
    await open(page, '?view=sensors&sensor_search=turbine');
    await expect(page.getByText('1\u202f000 sensors found')).toBeVisible();
    await expect(sensorRow(page, 'turbine-0000')).toBeVisible();
    expect(await page.getByRole('table', { name: 'Sensors' }).getByRole('row').count()).toBeLessThan(60);
    await page.getByRole('button', { name: 'Sensor', exact: true }).click();
    await expect(sensorRow(page, 'turbine-0999')).toBeVisible();
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('TURBINE-07');
    await expect(page.getByText('100 sensors found')).toBeVisible();
    await search.fill('0777');
    await expect(page.getByText('1 sensor found')).toBeVisible();
    await expect(sensorRow(page, 'turbine-0777').getByText(/, measured at /)).toBeVisible();
    await page.getByRole('link', { name: 'turbine-0777' }).click();
    await expect(page.getByRole('region', { name: 'Alert' })).toBeVisible();
    await expect.poll(() => new URL(page.url()).searchParams.getAll('sensor')).toEqual(['turbine-0777']);
    await page.goBack();
    await expect(search).toHaveValue('0777');
    await search.fill('no such');
    await expect(page.getByText('No sensor name contains “no such”')).toBeVisible();
  });

  test('are loaded as they are scrolled to', async ({ page }) => {
    await open(page, '?view=sensors&sensor_search=turbine');
    await expect(sensorRow(page, 'turbine-0000')).toBeVisible();
    await page.getByRole('region', { name: 'Sensors table' }).focus();
    await page.keyboard.press('End');
    await expect(page.getByText('· 200 loaded')).toBeVisible();
  });

  test('say what they last sent, and when', async ({ page }) => {
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'ventilator' });
    await open(page, '?view=sensors&sensor_search=ventilator');
    const row = sensorRow(page, 'ventilator');
    await expect(row.getByText('Anomaly').first()).toBeVisible();
    await expect(row.getByText(/^\d+ s ago$/)).toBeVisible();
    await expect(row.getByText('19.5 °C')).toBeVisible();
    await expect(
      row.getByRole('img', { name: /^Anomaly rate in the last hour: up to 100.0 %/ }),
    ).toBeVisible();
    await expect
      .poll(
        async () => {
          await postReading(apiUrl, { ...normalValues, sensor_id: 'ventilator' });
          return row.getByText('Normal').first().isVisible();
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await page.getByRole('combobox', { name: 'Small chart shows' }).selectOption('Temperature');
    await expect(row.getByRole('img', { name: /^Temperature in the last hour: 2\d\.\d/ })).toBeVisible();
  });
});

test.describe('a clock that is ahead', () => {
  test('is shown with the state of its sensor', async ({ page }) => {
    const timestamp = new Date(Date.now() + 630_000).toISOString();
    // An anomaly, because of more than 1000 sensors, only the worst are listed.
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'hasty', timestamp });
    const note = /clock 10 min( \d+ s)? ahead/;
    await open(page, '?view=sensors&sensor_search=hasty');
    await expect(sensorRow(page, 'hasty').getByText(note)).toBeVisible();
    await open(page, '?view=alerts&sensor=hasty');
    await expect(page.getByRole('listitem').filter({ hasText: 'hasty' }).getByText(note)).toBeVisible();
    await open(page, '?sensor=hasty');
    const values = page.getByRole('table', { name: 'Latest values' });
    await expect(values.getByRole('row', { name: 'hasty' }).getByText(note)).toBeVisible();
  });
});

test.describe('the choice of sensors', () => {
  test('finds one of a thousand, and loads none before it is opened', async ({ page }) => {
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    await open(page, '');
    await expect(page.getByRole('region', { name: 'Readings', exact: true })).toBeVisible();
    expect(requested).toContain('/api/alerts');
    expect(requested).not.toContain('/api/sensors');
    await page.keyboard.press('s');
    const search = page.getByRole('combobox', { name: 'Search sensors' });
    await search.fill('turbine-0');
    await expect(page.getByText('900 more. Type part of a name to find them.')).toBeVisible();
    await search.fill('turbine-0999');
    const found = page.getByRole('listbox', { name: 'Sensors' }).getByRole('option');
    await expect(found).toHaveText([/turbine-0999/]);
    await expect(search).toHaveAttribute('aria-activedescendant', /turbine-0999/);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.getAll('sensor')).toEqual(['turbine-0999']);
  });
});

test.describe('the alerts', () => {
  test('follow the stream without an answer in between', async ({ page, ownSystem }) => {
    const { apiUrl, dashboardUrl } = ownSystem;
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'streamed' });
    await page.goto(`${dashboardUrl}/?view=alerts&sensor=streamed`);
    const state = page.getByRole('region', { name: 'Sensor states' });
    await expect(state.getByText('1 sensor anomalous')).toBeVisible();
    // Never answered. That needs a system of its own: many readings at once make the page refetch the alerts.
    await page.route('**/api/alerts?*', () => undefined);
    // A normal reading ends the state at least 10 s after the anomaly.
    await expect
      .poll(
        async () => {
          await postReading(apiUrl, { ...normalValues, sensor_id: 'streamed' });
          return state.getByText('1 sensor normal').isVisible();
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'streamed' });
    await expect(state.getByText('1 sensor anomalous')).toBeVisible();
  });

  test('list the most urgent sensors, and link to all of them', async ({ page }) => {
    await open(page, '?view=alerts');
    await expect(page.getByText(/^The 12 most urgent of \d\u202f\d{3} sensors\./)).toBeVisible();
    await expect(page.getByRole('list', { name: 'Sensors by urgency' }).getByRole('listitem')).toHaveCount(
      12,
    );
    await page.getByRole('link', { name: 'Show all sensors by state' }).click();
    await expect(
      page.getByRole('columnheader', { name: 'State' }).and(page.locator('[aria-sort=ascending]')),
    ).toBeVisible();
  });

  test('a sensor from which nothing arrives any more is shown as silent', async ({ page }) => {
    await open(page, '?view=alerts&sensor=forgotten');
    const silent = page.getByRole('listitem').filter({ hasText: 'forgotten' });
    await expect(silent.getByText('Silent')).toBeVisible({ timeout: 120_000 });
    await expect(silent.getByText(/no readings for \d+ min/)).toBeVisible();
  });

  test('say in history that the present is not shown, and list what was', async ({ page }) => {
    const toIso = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
    await postAll('archive', [anomalousValues, anomalousValues, normalValues]);
    await open(
      page,
      `?view=alerts&short_incidents=show&mode=historical&from=${toIso(-60_000)}&to=${toIso(60_000)}`,
    );
    await expect(page.getByText('This is a past time window.')).toBeVisible();
    await expect(incident(page, 'archive', /Cleared/)).toBeVisible();
    await open(page, '?view=alerts&mode=historical&from=2026-01-06T09:00:00Z&to=2026-01-06T11:00:00Z');
    await expect(page.getByText('No incidents in this window')).toBeVisible();
  });

  test('stay in view, and say so, while the API does not answer', async ({ page, context }) => {
    await postAll('press', [anomalousValues, anomalousValues, normalValues]);
    await open(page, '?view=alerts&sensor=press&short_incidents=show');
    await expect(incident(page, 'press', /Cleared/)).toBeVisible();
    await context.setOffline(true);
    const incidents = page.getByRole('region', { name: 'Incidents', exact: true });
    await expect(incidents.getByText(/Not updated since/)).toBeVisible();
    await expect(incident(page, 'press', /Cleared/)).toBeVisible();
    await context.setOffline(false);
    await expect(incidents.getByText(/Not updated since/)).toHaveCount(0);
  });
});

test.describe('both pages', () => {
  for (const view of ['sensors', 'alerts'])
    test(`${view}: nothing is found by Axe, in either theme, wide and narrow`, async ({ page }) => {
      for (const [colorScheme, width] of [
        ['light', 1440],
        ['dark', 390],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await open(page, `?view=${view}&range=1h`);
        await expect(page.getByRole('table').first()).toBeVisible();
        expect(await findViolations(page)).toEqual([]);
      }
    });
});
