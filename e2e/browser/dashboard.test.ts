import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type Model, modelSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { writeStricterModel } from './provide-models.ts';
import { apiUrl, modelDirectory, otherModel } from './running-system.ts';

// One file on purpose: several browsers at once slow each other down more than they save.

async function openModelView(page: Page): Promise<void> {
  await page.goto('/?view=model');
  await expect(page.getByRole('region', { name: 'Model in use' })).toBeVisible();
}

async function getModel(): Promise<Model> {
  return modelSchema.parse((await axios.get<unknown>(`${apiUrl}/model`)).data);
}

/** Whatever it changes of what is stored. */
async function activate(name: string): Promise<void> {
  await axios.post(`${apiUrl}/models/${name}/activate?max_changed=1`);
}

test.describe('the live dashboard', () => {
  test('shows a reading that was just sent, turns red on an anomaly and, after some normal readings, green again', async ({
    page,
    row,
    alertBox,
    ownSystem: { apiUrl, dashboardUrl },
  }) => {
    await page.goto(`${dashboardUrl}/?sensor=greenhouse`);
    // Soon after its start, the API may answer 503.
    await expect(() => postReading(apiUrl, { ...normalValues, sensor_id: 'greenhouse' })).toPass();
    await expect(row('greenhouse').first()).toBeVisible();
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'greenhouse' });
    await expect(alertBox().getByText('Anomaly detected', { exact: true })).toBeVisible();
    await expect(row('99.0')).toBeVisible();
    await expect(page).toHaveTitle(/Anomaly/);
    await expect
      .poll(
        async () => {
          await postReading(apiUrl, { ...normalValues, sensor_id: 'greenhouse' });
          return alertBox().getByText('Normal now').isVisible();
        },
        { timeout: 60_000 },
      )
      .toBe(true);
  });

  test('shows average, minimum and maximum, the distribution, three charts and the table', async ({
    page,
    open,
  }) => {
    await postReading(apiUrl, { ...normalValues, temperature: 22, sensor_id: 'numbers' });
    await postReading(apiUrl, { ...normalValues, temperature: 25, sensor_id: 'numbers' });
    await open('?sensor=numbers');
    const temperature = page.getByRole('group', { name: 'Temperature' });
    await expect(temperature.getByText('23.5')).toBeVisible();
    for (const text of ['22.0', '25.0', '°C', 'Average', 'Minimum', 'Maximum']) {
      await expect(temperature.getByText(text).first()).toBeVisible();
    }
    await expect(page.getByRole('group', { name: 'Humidity' }).getByText('%').first()).toBeVisible();
    await expect(page.getByRole('group', { name: 'Noise level' }).getByText('dB').first()).toBeVisible();
    const distribution = page.getByRole('region', { name: 'Distribution of predictions' });
    await expect(distribution.getByText('100.0')).toBeVisible();
    for (const name of [/^Temperature over time/, /Humidity over time/, /Noise level over time/]) {
      await expect(page.getByRole('img', { name })).toBeVisible();
    }
    await expect
      .poll(() => page.getByRole('table', { name: 'Readings' }).getByRole('row').count())
      .toBeGreaterThan(2);
  });

  test('never overwrites what is being typed', async ({ page, open }) => {
    await open();
    const field = page.getByRole('textbox', { name: 'Temperature minimum' });
    await field.pressSequentially('2');
    const answers = [1, 2, 3].map(() =>
      page.waitForResponse((response) => response.url().includes('/series')),
    );
    await Promise.all(answers);
    await page.waitForResponse((response) => response.url().includes('/readings'));
    await field.pressSequentially('4.');
    await expect(field).toHaveValue('24.');
    await expect(field).toBeFocused();
  });
});

test.describe('time', () => {
  test('a zoom pauses, stays, is in the address, and the back button undoes it', async ({ page, open }) => {
    await open();
    await page.getByRole('group', { name: 'Time window' }).getByRole('button', { name: 'Zoom in' }).click();
    await expect(page.getByRole('radio', { name: 'Paused', checked: true })).toBeVisible();
    await expect(page).toHaveURL(/mode=paused/);
    const zoomed = page.url();
    await postReading(apiUrl, { ...normalValues, sensor_id: 'later' });
    await expect(page.getByText(/\d+ new readings?/)).toBeVisible();
    expect(page.url()).toBe(zoomed);
    await page.goBack();
    await expect(page.getByRole('radio', { name: 'Live', checked: true })).toBeVisible();
    await page.goForward();
    await expect(page.getByRole('radio', { name: 'Paused', checked: true })).toBeVisible();
    await page.getByRole('button', { name: 'Resume live' }).click();
    await expect(page.getByRole('radio', { name: 'Live', checked: true })).toBeVisible();
  });

  test('a drag over one chart zooms all of them', async ({ page, open }) => {
    await open('?range=1h');
    const chart = page.locator('.nsewdrag').first();
    const { width = 0 } = (await chart.boundingBox()) ?? {};
    // Unlike a fixed place on the page, this waits until the charts no longer move.
    await chart.hover({ position: { x: width * 0.4, y: 60 } });
    await page.mouse.down();
    await chart.hover({ position: { x: width * 0.6, y: 60 }, force: true });
    await page.mouse.up();
    await expect(page.getByRole('radio', { name: 'Paused', checked: true })).toBeVisible();
    await expect(page).toHaveURL(/mode=paused/);
    const window = new URL(page.url()).searchParams;
    const spanMs = Date.parse(window.get('to') ?? '') - Date.parse(window.get('from') ?? '');
    expect(spanMs).toBeGreaterThan(8 * 60_000);
    expect(spanMs).toBeLessThan(16 * 60_000);
    await page.goBack();
    await expect(page.getByRole('radio', { name: 'Live', checked: true })).toBeVisible();
  });

  test('history is gray, says so, and does not refetch', async ({ page, context, open, row, alertBox }) => {
    const timestamp = '2026-01-05T10:00:00.000Z';
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'past', timestamp });
    await open('?mode=historical&from=2026-01-05T09:00:00.000Z&to=2026-01-05T11:00:00.000Z');
    await expect(alertBox().getByText('Past data', { exact: true })).toBeVisible();
    await expect(row('past')).toBeVisible();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    const other = await context.newPage();
    await other.goto('/');
    const answers = [1, 2, 3].map(() =>
      other.waitForResponse((response) => response.url().includes('/series')),
    );
    await Promise.all(answers);
    expect(requested.filter((path) => /readings|stats|series|distribution/.test(path))).toEqual([]);
  });

  test('invalid URL parameters are reported and ignored', async ({ page, open }) => {
    await open('?mode=sideways&sort=color');
    await expect(page.getByRole('status', { name: 'URL parameters' })).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Live', checked: true })).toBeVisible();
  });
});

test.describe('the model view', () => {
  test('shows what serves, how it was verified, and what else is in the folder', async ({ page, open }) => {
    const { name, certificate, features } = await getModel();
    await open('?range=1h');
    await page.getByRole('link', { name: 'Model' }).click();
    await expect(page.getByRole('region', { name: 'Model in use' }).getByText(name)).toBeVisible();
    for (const feature of features) {
      await expect(
        page.getByRole('table', { name: 'Features' }).getByRole('row', { name: feature.name }),
      ).toBeVisible();
    }
    await expect(page.getByRole('region', { name: 'Origin' }).getByText(certificate.sha256)).toBeVisible();
    await expect(
      page.getByRole('table', { name: 'Classifier comparison' }).getByText('this model'),
    ).toBeVisible();
    await expect(
      page.getByRole('listitem').filter({ hasText: 'broken.json' }).getByText('Invalid file'),
    ).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('button', { name: 'Time window: Last 1 h' })).toBeVisible();
  });

  test('shows what another model would change, activates it, and rolls back', async ({ page }) => {
    const { name } = await getModel();
    const dialog = page.getByRole('dialog');
    for (let at = 0; at < 20; at++) {
      const { id } = await postReading(apiUrl, { ...anomalousValues, sensor_id: 'labeled' });
      await axios.post(`${apiUrl}/feedback`, { id, label: 1, source: 'person' });
    }
    await openModelView(page);
    await page.getByRole('button', { name: `Activate ${otherModel}` }).click();
    await expect(dialog.getByText('Within the limit')).toBeVisible();
    await expect(dialog.getByText(/of the last .* would be predicted differently/)).toBeVisible();
    const changes = dialog.getByRole('table', { name: 'Change in recall and precision' });
    await expect(changes.getByText('On held-out data')).toBeVisible();
    await expect(changes.getByText(/^On \d+ readings with feedback$/)).toBeVisible();
    const recalls = changes.getByRole('row', { name: 'Anomalies found (recall)' });
    await expect(recalls).toHaveCount(2);
    await expect(recalls.last().getByRole('cell').last()).toHaveText(/points|no change/);
    expect((await getModel()).name).toBe(name);
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await expect(page.getByRole('region', { name: 'Model in use' }).getByText(otherModel)).toBeVisible();
    await expect(page.getByRole('contentinfo').getByText(otherModel)).toBeVisible();
    expect((await postReading(apiUrl, normalValues)).model).toBe(otherModel);
    await page.getByRole('button', { name: `Roll back to ${name}` }).click();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await expect(page.getByRole('region', { name: 'Model in use' }).getByText(name)).toBeVisible();
    expect((await postReading(apiUrl, normalValues)).model).toBe(name);
  });

  test('a reading whose model is gone has no explanation, but neighboring readings and feedback', async ({
    page,
  }) => {
    const { name } = await getModel();
    const file = join(modelDirectory, 'gone.json');
    const gone = writeStricterModel(file, 0.06);
    await activate(gone);
    const { id } = await postReading(apiUrl, { ...normalValues, sensor_id: 'orphan' });
    rmSync(file);
    // What served before stays loaded, for a roll back: not the one that served before that.
    await activate(otherModel);
    await activate(name);
    await page.goto(`/?sensor=none&reading=${id}`);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('alert').getByText(gone)).toBeVisible();
    await expect(
      dialog.getByRole('table', { name: 'Neighboring readings' }).getByRole('row', { name: 'this reading' }),
    ).toBeVisible();
    await dialog.getByRole('button', { name: 'Missed anomaly' }).click();
    await expect(dialog.getByRole('button', { name: 'Missed anomaly', pressed: true })).toBeVisible();
  });
});

test.describe('everybody', () => {
  const cases = [
    { width: 390, height: 844, colorScheme: 'dark' as const },
    { width: 1440, height: 1200, colorScheme: 'light' as const },
  ];

  for (const { colorScheme, ...viewport } of cases) {
    test.describe(`${colorScheme} at ${viewport.width} px`, () => {
      test.use({ colorScheme, viewport });

      test('can use the model view and an explanation', async ({ page, open }) => {
        await openModelView(page);
        // It was in use before in another test.
        await page.getByRole('button', { name: new RegExp(`(Activate|Roll back to) ${otherModel}`) }).click();
        await expect(page.getByText('Within the limit')).toBeVisible();
        expect(await findViolations(page)).toEqual([]);
        await postReading(apiUrl, { ...anomalousValues, sensor_id: 'explained' });
        await open('?sensor=explained');
        // In a narrow window, the reading is a card.
        await page
          .getByRole('button', { name: /^(Why|Anomaly).*explained/ })
          .first()
          .click();
        await page.getByText('What other models say').click();
        await expect(page.getByRole('table', { name: 'Predictions by model' })).toBeVisible();
        expect(await findViolations(page)).toEqual([]);
      });
    });
  }

  test('reaches every control by keyboard', async ({ page, open }) => {
    await open('?mode=paused&range=5m');
    const reached = new Set<string>();
    for (let step = 0; step < 90 && !reached.has('Export CSV'); step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(
        "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''",
      );
      reached.add(String(name));
    }
    for (const name of ['Settings', 'Sensors: All sensors', 'Export CSV'])
      expect([...reached]).toContain(name);
  });
});
