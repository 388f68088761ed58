import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Model, modelSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import type { Page } from 'playwright-core';
import { describe, expect, inject } from 'vitest';
import { sees, test } from '../testing/dashboard-test.ts';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { writeStricterModel } from './provide-models.ts';

// One file on purpose: several browsers at once slow each other down more than they save.

const apiUrl = inject('apiUrl');
const dashboardUrl = inject('dashboardUrl');
const otherModel = inject('otherModel');
const modelDirectory = inject('modelDirectory');

async function openModelView(page: Page): Promise<void> {
  await page.goto(`${dashboardUrl}/?view=model`);
  await sees(page.getByRole('region', { name: 'Model in use' }));
}

async function getModel(): Promise<Model> {
  return modelSchema.parse((await axios.get<unknown>(`${apiUrl}/model`)).data);
}

/** Whatever it changes of what is stored. */
async function activate(name: string): Promise<void> {
  await axios.post(`${apiUrl}/models/${name}/activate?max_changed=1`);
}

describe('the live dashboard', () => {
  test('shows a reading that was just sent, turns red on an anomaly and, after some normal readings, green again', async ({
    dashboard,
    signal,
  }) => {
    const { page, open, row, alertBox } = dashboard;
    await postReading(apiUrl, { ...normalValues, sensor_id: 'greenhouse' });
    await open('?sensor=greenhouse');
    await sees(row('greenhouse'));
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'greenhouse' });
    await sees(alertBox().getByText('Anomaly detected', { exact: true }));
    await sees(row('99.0'));
    await expect.poll(() => page.title()).toContain('Anomaly');
    await waitUntil(async () => {
      await postReading(apiUrl, { ...normalValues, sensor_id: 'greenhouse' });
      return alertBox().getByText('No anomaly detected').isVisible();
    }, signal);
  });

  test('shows average, minimum and maximum, the distribution, three charts and the table', async ({
    dashboard,
  }) => {
    const { page, open } = dashboard;
    await postReading(apiUrl, { ...normalValues, temperature: 22, sensor_id: 'numbers' });
    await postReading(apiUrl, { ...normalValues, temperature: 25, sensor_id: 'numbers' });
    await open('?sensor=numbers');
    const temperature = page.getByRole('group', { name: 'Temperature' });
    await sees(temperature.getByText('23.5'));
    for (const text of ['22.0', '25.0', '°C', 'Average', 'Minimum', 'Maximum']) {
      await sees(temperature.getByText(text));
    }
    await sees(page.getByRole('group', { name: 'Humidity' }).getByText('%'));
    await sees(page.getByRole('group', { name: 'Noise level' }).getByText('dB'));
    const distribution = page.getByRole('region', { name: 'Distribution of predictions' });
    await sees(distribution.getByText('100.0'));
    for (const name of [/^Temperature over time/, /^Humidity over time/, /^Noise level over time/]) {
      await sees(page.getByRole('img', { name }));
    }
    await expect
      .poll(() => page.getByRole('table', { name: 'Readings' }).getByRole('row').count())
      .toBeGreaterThan(2);
  });

  test('never overwrites what is being typed', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await open();
    const field = page.getByRole('textbox', { name: 'Temperature minimum' });
    await field.pressSequentially('2');
    const answers = [1, 2, 3].map(() =>
      page.waitForResponse((response) => response.url().includes('/series')),
    );
    await Promise.all(answers);
    await page.waitForResponse((response) => response.url().includes('/readings'));
    await field.pressSequentially('4.');
    expect(await field.inputValue()).toBe('24.');
    expect(await field.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  });

  test('shows that the API is unavailable, keeps the data, and recovers', async ({ dashboard }) => {
    const { page, context, open, row } = dashboard;
    await open();
    await sees(row('replay'));
    await context.setOffline(true);
    await sees(page.getByText('API unavailable'));
    await sees(row('replay'));
    await context.setOffline(false);
    await page.getByText('API unavailable').waitFor({ state: 'detached' });
  });
});

describe('the table', () => {
  test('sorts every column on the server', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await open('?mode=paused&range=1h');
    for (const name of ['Temperature', 'Humidity', 'Noise level', 'Prediction', 'Score', 'Timestamp']) {
      const header = page.getByRole('columnheader', { name: new RegExp(`^${name}`) });
      await header.getByRole('button').click();
      await sees(
        page.locator('th[aria-sort="ascending"], th[aria-sort="descending"]').filter({ hasText: name }),
      );
    }
  });

  test('filters by range and prediction, and says how many rows are left', async ({ dashboard }) => {
    const { page, open } = dashboard;
    for (const sound_volume of [55, 56, 57]) {
      await postReading(apiUrl, { ...normalValues, sound_volume, sensor_id: 'filtered' });
    }
    await open('?mode=paused&sensor=filtered');
    await page.getByRole('textbox', { name: 'Noise level minimum' }).fill('56');
    await sees(page.getByText('1–2 of 2'));
    await page.getByRole('textbox', { name: 'Noise level maximum' }).fill('56');
    await sees(page.getByText('1–1 of 1'));
    await page.getByRole('combobox', { name: 'Filter prediction' }).selectOption({ label: 'Anomaly' });
    await sees(page.getByRole('region', { name: 'Readings', exact: true }).getByText(/no reading/i));
  });
});

describe('time', () => {
  test('a zoom pauses, stays, is in the address, and the back button undoes it', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await open();
    await page.getByRole('group', { name: 'Time window' }).getByRole('button', { name: 'Zoom in' }).click();
    await sees(page.getByRole('radio', { name: 'Paused', checked: true }));
    await expect.poll(() => page.url()).toContain('mode=paused');
    const zoomed = page.url();
    await postReading(apiUrl, { ...normalValues, sensor_id: 'later' });
    await sees(page.getByText(/\d+ new readings?/));
    expect(page.url()).toBe(zoomed);
    await page.goBack();
    await sees(page.getByRole('radio', { name: 'Live', checked: true }));
    await page.goForward();
    await sees(page.getByRole('radio', { name: 'Paused', checked: true }));
    await page.getByRole('button', { name: 'Resume live' }).click();
    await sees(page.getByRole('radio', { name: 'Live', checked: true }));
  });

  test('a drag over one chart zooms all of them', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await open('?range=1h');
    await sees(page.locator('.nsewdrag'));
    const charts = page.getByRole('slider', { name: 'Crosshair' });
    const { width = 0 } = (await charts.boundingBox()) ?? {};
    // Unlike a fixed place on the page, this waits until the charts no longer move.
    await charts.hover({ position: { x: width * 0.4, y: 120 } });
    await page.mouse.down();
    await charts.hover({ position: { x: width * 0.6, y: 120 } });
    await page.mouse.up();
    await sees(page.getByRole('radio', { name: 'Paused', checked: true }));
    await expect.poll(() => page.url()).toContain('mode=paused');
    const window = new URL(page.url()).searchParams;
    const spanMs = Date.parse(window.get('to') ?? '') - Date.parse(window.get('from') ?? '');
    expect(spanMs).toBeGreaterThan(8 * 60_000);
    expect(spanMs).toBeLessThan(16 * 60_000);
  });

  test('history is gray, says so, and does not refetch', async ({ dashboard }) => {
    const { page, context, open, row, alertBox } = dashboard;
    const timestamp = '2026-01-05T10:00:00.000Z';
    await postReading(apiUrl, { ...anomalousValues, sensor_id: 'past', timestamp });
    await open('?mode=historical&from=2026-01-05T09:00:00.000Z&to=2026-01-05T11:00:00.000Z');
    await sees(alertBox().getByText('Historical data'));
    await sees(row('past'));
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    const other = await context.newPage();
    await other.goto(dashboardUrl);
    const answers = [1, 2, 3].map(() =>
      other.waitForResponse((response) => response.url().includes('/series')),
    );
    await Promise.all(answers);
    expect(requested.filter((path) => /readings|stats|series|distribution/.test(path))).toEqual([]);
  });

  test('start and end are typed in, and what makes no sense is said beside the field', async ({
    dashboard,
  }) => {
    const { page, open, alertBox } = dashboard;
    await open();
    await page.getByRole('textbox', { name: 'Start' }).fill('2026-01-05T12:00:00');
    await page.getByRole('textbox', { name: 'End', exact: true }).fill('2026-01-05T11:00:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await sees(page.getByText('Start must be before the end.'));
    await sees(page.getByRole('radio', { name: 'Live', checked: true }));
    await page.getByRole('textbox', { name: 'End', exact: true }).fill('2026-01-05T13:00:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await sees(page.getByRole('radio', { name: 'History', checked: true }));
    await sees(alertBox().getByText('Historical data'));
  });

  test('invalid URL parameters are reported and ignored', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await open('?mode=sideways&sort=color');
    await sees(page.getByRole('status', { name: 'URL parameters' }));
    await sees(page.getByRole('radio', { name: 'Live', checked: true }));
  });
});

describe('the model view', () => {
  test('shows what serves, how it was verified, and what else is in the folder', async ({ dashboard }) => {
    const { page, open } = dashboard;
    const { name, certificate, features } = await getModel();
    await open('?range=1h');
    await page.getByRole('link', { name: 'Model' }).click();
    await sees(page.getByRole('region', { name: 'Model in use' }).getByText(name));
    for (const feature of features) {
      await sees(page.getByRole('table', { name: 'Features' }).getByRole('row', { name: feature.name }));
    }
    await sees(page.getByRole('region', { name: 'Verification' }).getByText(certificate.sha256));
    await sees(page.getByRole('table', { name: 'Classifier comparison' }).getByText('this model'));
    await sees(page.getByRole('listitem').filter({ hasText: 'broken.json' }).getByText('Invalid file'));
    await page.goBack();
    await sees(page.getByRole('button', { name: '1 h', pressed: true }));
  });

  test('checks another model, activates it, and rolls back', async ({ dashboard }) => {
    const { page } = dashboard;
    const { name } = await getModel();
    const dialog = page.getByRole('dialog');
    await openModelView(page);
    await page.getByRole('button', { name: `Check ${otherModel}` }).click();
    await sees(page.getByText(/of the last .* would be predicted differently/));
    expect((await getModel()).name).toBe(name);
    await page.getByRole('button', { name: `Activate ${otherModel}` }).click();
    await sees(dialog.getByText('Within the limit'));
    await dialog.getByRole('button', { name: 'Activate' }).click();
    await sees(page.getByRole('region', { name: 'Model in use' }).getByText(otherModel));
    await sees(page.getByRole('contentinfo').getByText(otherModel));
    expect((await postReading(apiUrl, normalValues)).model).toBe(otherModel);
    await page.getByRole('button', { name: `Roll back to ${name}` }).click();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await sees(page.getByRole('region', { name: 'Model in use' }).getByText(name));
    expect((await postReading(apiUrl, normalValues)).model).toBe(name);
  });

  test('a reading whose model is gone has no explanation, but neighboring readings and feedback', async ({
    dashboard,
  }) => {
    const { page } = dashboard;
    const { name } = await getModel();
    const file = join(modelDirectory, 'gone.json');
    const gone = writeStricterModel(file, 0.06);
    await activate(gone);
    const { id } = await postReading(apiUrl, { ...normalValues, sensor_id: 'orphan' });
    rmSync(file);
    // What served before stays loaded, for a roll back: not the one that served before that.
    await activate(otherModel);
    await activate(name);
    await page.goto(`${dashboardUrl}/?sensor=none&reading=${id}`);
    const dialog = page.getByRole('dialog');
    await sees(dialog.getByRole('alert').getByText(gone));
    await sees(
      dialog.getByRole('table', { name: 'Neighboring readings' }).getByRole('row', { name: 'this reading' }),
    );
    await dialog.getByRole('button', { name: 'Incorrect' }).click();
    await sees(dialog.getByRole('button', { name: 'Incorrect', pressed: true }));
  });
});

describe('an explanation', () => {
  test('opens from the table, and its contributions lead from the base value to the score', async ({
    dashboard,
  }) => {
    const { page, open } = dashboard;
    const { score } = await postReading(apiUrl, { ...anomalousValues, sensor_id: 'explained' });
    await open('?sensor=explained');
    const why = page.getByRole('button', { name: /^Why\?.*explained/ });
    await why.press('Enter');
    const cells = page.getByRole('dialog').getByRole('table', { name: 'Contributions' }).getByRole('cell');
    await sees(cells);
    const texts = (await cells.allInnerTexts()).filter((text) => text !== '');
    const [base = 0, ...rest] = texts.map((text) => Number(text.replace('−', '-')));
    const shownScore = rest.pop() ?? 0;
    expect(shownScore).toBeCloseTo(score ?? Number.NaN, 4);
    expect(rest).toHaveLength(3);
    // Each figure is rounded to four decimals.
    expect(Math.abs(base + rest.reduce((sum, value) => sum + value) - shownScore)).toBeLessThan(3e-4);
    await sees(
      page
        .getByRole('table', { name: 'Predictions by model' })
        .getByRole('row', { name: /stored prediction/ }),
    );
    await page.reload();
    await sees(cells);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).not.toContain('reading=');
  });
});

describe('everybody', () => {
  const cases = [
    { width: 390, height: 844, colorScheme: 'dark' as const },
    { width: 1440, height: 1200, colorScheme: 'light' as const },
  ];

  test.for(cases)(
    'can use it: $colorScheme at $width px',
    async ({ colorScheme, ...viewport }, { dashboard }) => {
      const { page, open, row } = dashboard;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await open('?mode=paused&range=5m');
      await sees(row('replay'));
      expect(await findViolations(page)).toEqual([]);
    },
  );

  test.for(cases)(
    'can use the model view and an explanation: $colorScheme at $width px',
    async ({ colorScheme, ...viewport }, { dashboard }) => {
      const { page, open } = dashboard;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await openModelView(page);
      await page.getByRole('button', { name: `Check ${otherModel}` }).click();
      await sees(page.getByText('Within the limit'));
      expect(await findViolations(page)).toEqual([]);
      await postReading(apiUrl, { ...anomalousValues, sensor_id: 'explained' });
      await open('?sensor=explained');
      await page.getByRole('button', { name: /^Why/ }).first().click();
      await sees(page.getByRole('table', { name: 'Predictions by model' }));
      expect(await findViolations(page)).toEqual([]);
    },
  );

  test('reaches every control by keyboard', async ({ dashboard }) => {
    const { page, open } = dashboard;
    await open('?mode=paused&range=5m');
    const reached = new Set<string>();
    for (let step = 0; step < 90 && !reached.has('Export CSV'); step++) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(
        "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''",
      );
      reached.add(String(name));
    }
    for (const name of ['15 min', 'Apply', 'Zoom in', 'Export CSV']) expect([...reached]).toContain(name);
  });
});
