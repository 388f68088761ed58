import type { Page } from '@playwright/test';
import axios from 'axios';
import { z } from 'zod';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const rule = 'State first';
const flapping = 'Three of ten';

const sendAnomaly = (sensor_id: string) => postReading(apiUrl, { ...anomalousValues, sensor_id });
const sendNormal = (sensor_id: string) => postReading(apiUrl, { ...normalValues, sensor_id });

async function putRule(name: string, sensors: string, condition: object): Promise<void> {
  await axios.put(`${apiUrl}/rules/${encodeURIComponent(name)}`, { sensors, condition });
}

test.beforeAll(async () => {
  await putRule(rule, 'state-*', { kind: 'anomalies_in_a_row', count: 1 });
  await putRule(flapping, 'flap-*', { kind: 'anomaly_share', window: 10, raise: 0.3, clear: 0.1 });
});

test.afterAll(async () => {
  for (const name of [rule, flapping]) await axios.delete(`${apiUrl}/rules/${encodeURIComponent(name)}`);
});

const icon = (page: Page) => page.locator('link[rel="icon"]');
/** The URL of an icon with a dot of this color. */
const withDot = (color: string) => new RegExp(`fill%3D%22%23${color}%22%20stroke`);

/** From now on, records every headline of the alert box. */
async function recordHeadlines(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    const box = document.querySelector('[aria-label="Alert"]');
    const read = () => box.querySelector('h2').textContent;
    window.headlines = [read()];
    new MutationObserver(() => {
      if (read() !== window.headlines.at(-1)) window.headlines.push(read());
    }).observe(box, { subtree: true, childList: true, characterData: true });
  }`);
  return async () => z.array(z.string()).parse(await page.evaluate('window.headlines'));
}

test.describe('the state of the selected sensors', () => {
  test('does not flap while readings do', async ({ page, row, alertBox }) => {
    await sendNormal('flap-1');
    await page.goto('/?sensor=flap-1');
    const headline = (name: string) => alertBox().getByRole('heading', { name });
    await expect(headline('Normal now')).toBeVisible();
    const readHeadlines = await recordHeadlines(page);
    await sendAnomaly('flap-1');
    await expect(headline('Anomaly detected')).toBeVisible();
    await expect(alertBox().getByText('No rule fires yet')).toBeVisible();
    for (let round = 0; round < 5; round += 1) {
      await sendNormal('flap-1');
      await sendAnomaly('flap-1');
    }
    await expect(headline(`Incident: ${flapping}, flap-1`)).toBeVisible();
    for (let round = 0; round < 5; round += 1) {
      await sendAnomaly('flap-1');
      await sendNormal('flap-1');
    }
    await postReading(apiUrl, { ...normalValues, temperature: 24.7, sensor_id: 'flap-1' });
    await expect(row('24.7').first()).toBeVisible();
    const expected = ['Normal now', 'Anomaly detected', `Incident: ${flapping}, flap-1`];
    expect(await readHeadlines()).toEqual(expected);
  });

  test('is that of the selected ones, and says that others have incidents', async ({ page, alertBox }) => {
    await sendNormal('state-quiet');
    await sendAnomaly('state-loud');
    await page.goto('/?sensor=state-quiet');
    await expect(alertBox().getByRole('heading', { name: 'Normal now' })).toBeVisible();
    await expect(alertBox().getByText('Selected: state-quiet')).toBeVisible();
    await expect(page).toHaveTitle(/^Normal/);
    await expect(icon(page)).toHaveAttribute('href', withDot('23a26d'));
    await alertBox()
      .getByRole('link', { name: /\d+ incidents? on other sensors/ })
      .click();
    const incident = page.getByRole('table', { name: 'Incidents' }).getByRole('row', { name: 'state-loud' });
    await expect(incident.filter({ hasText: rule })).toBeVisible();
    expect(new URL(page.url()).searchParams.has('sensor')).toBe(false);
  });

  test('is red until somebody acknowledges the incident, in place, and green with the reason when it is over', async ({
    page,
    alertBox,
  }) => {
    await sendNormal('state-acked');
    await sendAnomaly('state-acked');
    await page.goto('/?sensor=state-acked');
    const title = `${rule}, state-acked`;
    await expect(alertBox().getByRole('heading', { name: `Incident: ${title}` })).toBeVisible();
    await expect(alertBox()).toHaveAttribute('data-tone', 'incident');
    await expect(page).toHaveTitle(/^● 1 incident –/);
    await expect(icon(page)).toHaveAttribute('href', withDot('d92b1c'));
    expect(await findViolations(page)).toEqual([]);
    const { href } = new URL(page.url());
    await alertBox()
      .getByRole('button', { name: `Acknowledge ${title}` })
      .press('Enter');
    await expect(alertBox().getByRole('heading', { name: `Acknowledged: ${title}` })).toBeVisible();
    await expect(alertBox()).toHaveAttribute('data-tone', 'acknowledged');
    await expect(page).toHaveTitle(/^◐ 1 incident, acknowledged –/);
    await expect(alertBox().getByRole('link', { name: `Show ${title}` })).toBeFocused();
    await expect(alertBox().getByRole('button', { name: /Acknowledge/ })).toHaveCount(0);
    expect(page.url()).toBe(href);

    const normal = alertBox().getByRole('heading', { name: 'Normal now' });
    await expect
      .poll(() => sendNormal('state-acked').then(() => normal.isVisible()), { timeout: 60_000 })
      .toBe(true);
    // The API stores the explanation soon after the end.
    await alertBox()
      .getByText(
        /^Last incident \d+ (s|min) ago: state-acked, (Temperature|Humidity|Noise level) [\d.]+\s\S+$/,
      )
      .getByRole('link')
      .click();
    await expect(
      page
        .getByRole('dialog', { name: title })
        .getByText(/is (above|below) the usual/)
        .first(),
    ).toBeVisible();
  });

  test('lists new incidents only when the pointer is away, so that no button moves under it', async ({
    page,
    alertBox,
  }) => {
    await sendAnomaly('state-near');
    await page.goto('/?sensor=state-near&sensor=state-new');
    const lines = alertBox().getByRole('listitem');
    await expect(alertBox().getByRole('heading', { name: `Incident: ${rule}, state-near` })).toBeVisible();
    await lines.first().hover();
    await sendAnomaly('state-new');
    await expect(alertBox().getByRole('heading', { name: '2 incidents' })).toBeVisible();
    await expect(alertBox().getByRole('link', { name: 'and 1 more' })).toBeVisible();
    await expect(lines).toHaveText([/state-near/]);
    await page.mouse.move(0, 0);
    await expect(lines).toHaveText([/state-new/, /state-near/]);
  });

  test('is not normal while some of them are silent', async ({ page, alertBox }) => {
    let stored = 0;
    const send = async (sensor: string) => {
      await sendNormal(sensor);
      stored += 1;
    };
    const [stopping, going] = ['state-stops', 'state-goes-on'].map((sensor) =>
      setInterval(() => void send(sensor), 500),
    );
    // Enough to know their usual intervals.
    await expect.poll(() => stored).toBeGreaterThanOrEqual(16);
    clearInterval(stopping);
    await page.goto('/?sensor=state-stops&sensor=state-goes-on');
    await expect(alertBox().getByRole('heading', { name: '1 of 2 sensors silent' })).toBeVisible();
    await expect(alertBox().getByText('No readings from state-stops')).toBeVisible();
    await expect(alertBox()).toHaveAttribute('data-tone', 'silent');
    await expect(page).toHaveTitle(/^○ 1 of 2 sensors silent/);
    await expect(icon(page)).toHaveAttribute('href', withDot('e6a100'));
    await sendNormal('state-stops');
    await expect(alertBox().getByRole('heading', { name: 'Normal now' })).toBeVisible();
    await expect(alertBox().getByText('Selected: state-stops, state-goes-on')).toBeVisible();
    clearInterval(going);
  });

  test('is in the header and the title while the page shows the past', async ({ page }) => {
    await sendNormal('state-past');
    const past = 'mode=historical&from=2026-01-05T09:00:00.000Z&to=2026-01-05T11:00:00.000Z';
    await page.goto(`/?sensor=state-past&${past}`);
    await expect(page.getByRole('link', { name: 'now: normal' })).toBeVisible();
    await expect(page).toHaveTitle(/^Normal \(history\)/);
    await sendAnomaly('state-past');
    await expect(page.getByRole('link', { name: 'now: 1 incident' })).toBeVisible();
    await expect(page).toHaveTitle(/^● 1 incident \(history\)/);
    expect(await findViolations(page)).toEqual([]);
    await page.route('**/api/alerts?*', (route) => route.abort());
    await expect(page.getByRole('link', { name: 'now: state unknown' })).toBeVisible({ timeout: 60_000 });
    await page.unroute('**/api/alerts?*');
    await page.getByRole('link', { name: 'now: 1 incident' }).click();
    await expect(page.getByRole('radio', { name: 'Live', checked: true })).toBeVisible();
  });
});
