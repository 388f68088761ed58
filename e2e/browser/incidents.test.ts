import type { Page } from '@playwright/test';
import { feedbackListSchema, incidentsPageSchema, readingsPageSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { startWebhookSink } from '../alerts/start-webhook-sink.ts';
import { findViolations } from '../testing/find-violations.ts';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const rule = 'Frost';
const condition = { kind: 'anomalies_in_a_row', count: 2 };

test.beforeAll(async () => {
  await axios.put(`${apiUrl}/rules/${rule}`, { sensors: 'frost-*', condition });
  // A new rule takes effect a moment later.
  await expect
    .poll(async () => {
      await postReading(apiUrl, { ...anomalousValues, sensor_id: 'frost-first' });
      return countFiring(apiUrl, 'frost-first');
    })
    .toBe(1);
  await postReading(apiUrl, { ...normalValues, sensor_id: 'frost-first' });
});

/** The number of active incidents of the rule at a sensor. */
async function countFiring(api: string, sensor_id: string): Promise<number> {
  const { data } = await axios.get<unknown>(`${api}/incidents`, { params: { sensor_id, rule } });
  return incidentsPageSchema.parse(data).counts.firing;
}

/** The rows of the incidents of the rule; other rules find the same readings. */
const rowsOf = (page: Page) =>
  page.getByRole('table', { name: 'Incidents' }).getByRole('row').filter({ hasText: rule });

/** Sends an incident that began some seconds ago and lasted for a while, with a number of readings. */
async function sendIncident(
  sensor_id: string,
  { agoS, lastedS, readings }: Record<'agoS' | 'lastedS' | 'readings', number>,
) {
  const startMs = Date.now() - agoS * 1000;
  const at = (partOfIt: number) => new Date(startMs + partOfIt * lastedS * 1000).toISOString();
  for (let index = 0; index < readings; index++)
    await postReading(apiUrl, { ...anomalousValues, sensor_id, timestamp: at(index / readings) });
  await postReading(apiUrl, { ...normalValues, sensor_id, timestamp: at(1) });
}

const toPage = (sensors: readonly string[], more = '') =>
  `/?view=alerts&incident_rule=${rule}${sensors.map((sensor) => `&sensor=${sensor}`).join('')}${more}`;

test('an incident is acknowledged, silenced and called a false alarm by the keyboard alone', async ({
  page,
}) => {
  const sensor_id = 'frost-1';
  await postReading(apiUrl, { ...normalValues, sensor_id });
  await page.goto(toPage([sensor_id]));
  await expect(page.getByText('No incidents match the filters')).toBeVisible();
  await postReading(apiUrl, { ...anomalousValues, sensor_id });
  await postReading(apiUrl, { ...anomalousValues, sensor_id });
  const row = rowsOf(page);
  await expect(row.getByText(/^Active for/)).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Active now' })).toBeVisible();

  const details = row.getByRole('button', { name: 'details of the incident' });
  await page.getByRole('combobox', { name: 'Rule' }).focus();
  // The table is a stop, because it can be scrolled, and so are its rows.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(details).toBeFocused();
  await page.keyboard.press('a');
  await expect(row.getByText(/^Acknowledged, active for/)).toBeVisible();

  for (const name of ['Real anomaly', 'False alarm', `Silence ${sensor_id}`]) {
    await page.keyboard.press('Tab');
    await expect(row.getByRole('button', { name })).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Silence' })).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(row.getByText(/^Silenced until \S*\s?\d\d:\d\d$/)).toBeVisible();
  await row.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(row.getByText(/^Silenced until/)).toHaveCount(0);
  await expect(row.getByRole('button', { name: `Silence ${sensor_id}` })).toBeFocused();

  await postReading(apiUrl, { ...normalValues, sensor_id });
  await expect(row.getByText(/^Cleared after/)).toBeVisible();
  // It stays in its place, and keeps the focus, until the focus leaves the list.
  await expect(page.getByRole('columnheader', { name: 'Active now' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(row.getByText(/^Cleared after .*, false alarm$/)).toBeVisible();
  await expect(row.getByRole('button', { name: 'False alarm' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('combobox', { name: 'Order' }).focus();
  await expect(page.getByRole('columnheader', { name: 'Ended' })).toBeVisible();

  const { data } = await axios.get<unknown>(`${apiUrl}/readings`, { params: { sensor_id, prediction: 1 } });
  const { readings } = readingsPageSchema.parse(data);
  const ids = readings.map(({ id }) => `id=${id}`).join('&');
  const feedback = feedbackListSchema.parse(
    (await axios.get<unknown>(`${apiUrl}/feedback?${ids}`)).data,
  ).feedback;
  // The incident begins with the second anomaly.
  expect(feedback.map(({ label, source }) => [label, source])).toEqual([[0, 'person']]);
});

test.describe('incidents of different lengths', () => {
  const names = ['frost-long', 'frost-many', 'frost-short'];

  test.beforeAll(async () => {
    await sendIncident('frost-long', { agoS: 130, lastedS: 60, readings: 4 });
    await sendIncident('frost-many', { agoS: 90, lastedS: 30, readings: 9 });
    await sendIncident('frost-short', { agoS: 60, lastedS: 2, readings: 5 });
  });

  test('are sorted and filtered, and short ones are folded', async ({ page }) => {
    await page.goto(toPage(names));
    const order = async () => {
      const texts = await rowsOf(page).allTextContents();
      return texts.map((text) => names.find((name) => text.includes(name)));
    };
    await expect.poll(order).toEqual(['frost-many', 'frost-long']);
    await page.getByRole('button', { name: 'Show 1 incident shorter than 10 s' }).click();
    await expect.poll(order).toEqual(['frost-short', 'frost-many', 'frost-long']);
    for (const [title, expected] of [
      ['Longest first', ['frost-long', 'frost-many', 'frost-short']],
      ['Fewest readings first', ['frost-long', 'frost-short', 'frost-many']],
      ['Oldest first', ['frost-long', 'frost-many', 'frost-short']],
    ] as const) {
      await page.getByRole('combobox', { name: 'Order' }).selectOption(title);
      await expect.poll(order).toEqual(expected);
    }
    await page.reload();
    await expect.poll(order).toEqual(['frost-long', 'frost-many', 'frost-short']);
    await page.getByRole('button', { name: 'Hide incidents shorter than 10 s' }).click();
    await expect.poll(order).toEqual(['frost-long', 'frost-many']);
    await page.getByRole('combobox', { name: 'State' }).selectOption('Active');
    await expect(page.getByText('No incidents match the filters')).toBeVisible();
    await page.getByRole('combobox', { name: 'State' }).selectOption('Ended');
    await expect.poll(order).toEqual(['frost-long', 'frost-many']);
  });

  test('lead from one to the next, by buttons and by keys', async ({ page }) => {
    await page.goto(toPage(names, '&short_incidents=show'));
    const dialog = (sensor: string) => page.getByRole('dialog', { name: `${rule}, ${sensor}` });
    await rowsOf(page).filter({ hasText: 'frost-many' }).getByRole('button').first().press('Enter');
    await expect(dialog('frost-many').getByText('2 of 3')).toBeVisible();
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(dialog('frost-long').getByText('3 of 3')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Next' })).toBeFocused();
    for (const [key, sensor] of [
      ['ArrowLeft', 'frost-many'],
      ['k', 'frost-short'],
      ['ArrowRight', 'frost-many'],
      ['j', 'frost-long'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(dialog(sensor)).toBeVisible();
    }
    await page.keyboard.press('y');
    await expect(dialog('frost-long').getByText(/^Cleared after .*, real anomaly$/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(new URL(page.url()).searchParams.has('incident')).toBe(false);
  });

  test('do not move while the pointer is over the list', async ({ page }) => {
    await page.goto(toPage(['frost-long', 'frost-new']));
    await rowsOf(page).hover();
    for (let times = 0; times < 2; times++)
      await postReading(apiUrl, { ...anomalousValues, sensor_id: 'frost-new' });
    await expect(page.getByText('1 more incident, shown when you leave the list')).toBeVisible();
    await expect(rowsOf(page)).toHaveCount(1);
    await page.getByRole('heading', { name: 'Incidents' }).hover();
    await expect(rowsOf(page)).toHaveCount(2);
    await postReading(apiUrl, { ...normalValues, sensor_id: 'frost-new' });
  });

  test('Axe finds nothing in the list with an open menu, in either theme, wide and narrow', async ({
    page,
  }) => {
    for (const [colorScheme, width] of [
      ['light', 1440],
      ['dark', 390],
      ['light', 3840],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.goto(toPage(names));
      await page.getByRole('button', { name: 'Silence frost-long' }).click();
      await expect(page.getByRole('button', { name: '1 hour' }).first()).toBeVisible();
      expect(await findViolations(page)).toEqual([]);
    }
  });
});

test('a sensor is silenced for an hour in three clicks, and its notification stays away', async ({
  page,
}) => {
  const sink = await startWebhookSink();
  const system = startLocalSystem({ ...(await createPlace()), ALLOW_PRIVATE_RECEIVERS: 'true' });
  try {
    await system.said('open http');
    const ownApi = system.apiUrl;
    await axios.put(`${ownApi}/rules/${rule}`, { sensors: 'frost-*', condition });
    await axios.put(`${ownApi}/receivers/Sink`, { ...sink.channel, group_wait: '1s' });
    for (const sensor_id of ['frost-a', 'frost-b']) await postReading(ownApi, { ...normalValues, sensor_id });

    let clicks = 0;
    const click = async (role: 'link' | 'button', name: string | RegExp) => {
      await page.getByRole(role, { name }).first().click();
      clicks += 1;
    };
    await page.goto(system.dashboardUrl);
    await click('link', 'Sensors');
    await click('button', 'Silence frost-a');
    await click('button', '1 hour');
    await expect(page.getByRole('row', { name: /frost-a/ }).getByText(/^Silenced until/)).toBeVisible();
    expect(clicks).toBe(3);

    const raise = async (sensor_id: string) => {
      for (let times = 0; times < 2; times++) await postReading(ownApi, { ...anomalousValues, sensor_id });
      await expect.poll(() => countFiring(ownApi, sensor_id)).toBe(1);
    };
    await raise('frost-a');
    await raise('frost-b');
    // Were it not for the silence, the message about the second sensor would also be about the first one.
    const notified = () => sink.messages.flatMap(({ alerts }) => alerts.map(({ labels }) => labels.sensor));
    await expect.poll(notified).toContain('frost-b');
    expect(notified()).not.toContain('frost-a');

    await page.goto(`${system.dashboardUrl}/?view=alerts&sensor=frost-a`);
    await rowsOf(page)
      .getByRole('link', { name: /^Silenced until/ })
      .click();
    const silences = page.getByRole('region', { name: 'Silences' });
    const silence = silences.getByRole('listitem').filter({ hasText: 'Sensor frost-a' });
    await expect(
      silence.getByText(/^Sensor frost-a · until .* · Silenced from the dashboard$/),
    ).toBeVisible();
    await silence.getByRole('button', { name: /^End/ }).click();
    await expect(silence.getByText('Ended', { exact: true })).toBeVisible();

    await silences.getByRole('button', { name: 'New silence' }).click();
    await silences.getByRole('combobox', { name: 'Comparison' }).selectOption('matches');
    await silences.getByRole('textbox', { name: 'Value' }).fill('frost-(.*');
    await silences.getByRole('textbox', { name: 'Reason' }).fill('New compressor');
    await silences.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await silences.getByRole('button', { name: 'Silence', exact: true }).click();
    await expect(silences.getByRole('alert')).toContainText('expected a regular expression without groups');
    await silences.getByRole('textbox', { name: 'Value' }).fill('frost-.*');
    expect(await findViolations(page)).toEqual([]);
    await silences.getByRole('button', { name: 'Silence', exact: true }).click();
    await expect(
      silences.getByText(/^Sensor like frost-\.\* · until .* · by Ada · New compressor$/),
    ).toBeVisible();
  } finally {
    await sink.stop();
    await system.stop();
    system.remove();
  }
});

test.afterAll(() => axios.delete(`${apiUrl}/rules/${rule}`));
