import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import axios from 'axios';
import { z } from 'zod';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';
import { apiUrl } from './running-system.ts';

const rule = 'Doorbell';

/** Also records the notifications of the page. */
const recordNotifications = `
  window.shown = [];
  window.clicks = {};
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      window.shown.push({ title, ...options });
      window.clicks[options.body] = () => this.onclick();
    }
  };
`;

const shownSchema = z.array(z.object({ title: z.string(), body: z.string(), tag: z.string() }));

/** The notifications of the rule; other tests run at the same time, and have rules of their own. */
async function readShown(page: Page) {
  return shownSchema.parse(await page.evaluate('window.shown')).filter(({ title }) => title.includes(rule));
}

async function openPage(context: BrowserContext, query: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`/${query}`);
  return page;
}

const toSwitch = (page: Page) => page.getByRole('switch', { name: 'Notify me in this browser' });

/** The next response with the firing incidents, which has the sensor or not. */
function waitForFiring(page: Page, sensor: string, hasIncident: boolean) {
  return page.waitForResponse(
    async (response) =>
      response.url().includes('state=firing') &&
      (await response.text().catch(() => '')).includes(sensor) === hasIncident,
  );
}

const ring = (sensor_id: string) => postReading(apiUrl, { ...anomalousValues, sensor_id });
/** Sent last, because readings set the alert box of other tests. */
const release = (sensor_id: string) => postReading(apiUrl, { ...normalValues, sensor_id });

test.beforeAll(async () => {
  await axios.put(`${apiUrl}/rules/${rule}`, {
    sensors: 'doorbell-*',
    condition: { kind: 'anomalies_in_a_row', count: 1 },
    annotations: { summary: '{{ sensor }} rang' },
  });
});

test.beforeEach(({ context }) => context.addInitScript(recordNotifications));

test.describe('notifications of the browser, without permission', () => {
  test.use({ permissions: [] });

  for (const [name, script, sentence] of [
    ['the browser blocks them', '', 'The browser blocks notifications of this page.'],
    ['the browser has none', 'delete window.Notification', 'This browser cannot show notifications'],
    [
      'the page is not on HTTPS',
      "Object.defineProperty(window, 'isSecureContext', { value: false })",
      'only of pages on HTTPS or on localhost',
    ],
  ] as const)
    test(`stay off if ${name}, and the page says what to do`, async ({ context, page }) => {
      await context.addInitScript(script);
      await page.goto('/?view=alerts');
      await toSwitch(page).click();
      await expect(page.getByRole('alert').filter({ hasText: sentence })).toBeVisible();
      await expect(toSwitch(page)).not.toBeChecked();
      expect(await findViolations(page)).toEqual([]);
    });
});

test.describe('notifications of the browser, with permission', () => {
  test.use({ permissions: ['notifications'] });

  test('are turned off if the browser has no constructor of them', async ({ context, page }) => {
    await context.addInitScript(`
      window.Notification = class extends Notification {
        constructor() {
          throw new TypeError('Illegal constructor');
        }
      };
    `);
    await page.goto('/?view=alerts');
    const isEmpty = waitForFiring(page, 'doorbell-side', false);
    await toSwitch(page).click();
    await isEmpty;
    await ring('doorbell-side');
    await expect(
      page.getByRole('alert').filter({ hasText: 'This browser cannot show notifications' }),
    ).toBeVisible();
    await expect(toSwitch(page)).not.toBeChecked();
    await release('doorbell-side');
  });

  test('are shown by one of several windows, and lead to the details', async ({ context }) => {
    await release('doorbell-front');
    const pages = [await openPage(context, '?view=alerts'), await context.newPage()];
    const [first, second] = pages;
    if (first === undefined || second === undefined) throw new Error('no pages');
    const isReady = waitForFiring(first, 'doorbell-front', false);
    await toSwitch(first).click();
    await expect(toSwitch(first)).toBeChecked();
    await isReady;
    const isOtherReady = waitForFiring(second, 'doorbell-front', false);
    await second.goto('/?view=sensors');
    await isOtherReady;
    const waitInAll = (sensor: string) => Promise.all(pages.map((page) => waitForFiring(page, sensor, true)));

    for (const sensor of ['doorbell-front', 'doorbell-gate']) {
      const arrived = waitInAll(sensor);
      await ring(sensor);
      await arrived;
    }
    await expect.poll(async () => (await Promise.all(pages.map(readShown))).flat().length).toBe(2);
    const shown = await Promise.all(pages.map(readShown));
    expect(shown.flat().map(({ body }) => body)).toEqual(
      expect.arrayContaining(['doorbell-front rang', 'doorbell-gate rang']),
    );
    expect(shown.flat()[0]?.title).toMatch(/Doorbell.*, .*doorbell-/);

    const isFront = ({ body }: { body: string }) => body === 'doorbell-front rang';
    const [notified] = pages.filter((_, index) => shown[index]?.some(isFront));
    await notified?.evaluate("window.clicks['doorbell-front rang']()");
    const dialog = notified?.getByRole('dialog', { name: `${rule}, doorbell-front` });
    await dialog?.getByText('doorbell-front rang').waitFor();
    expect(new URL(notified?.url() ?? '').searchParams.get('view')).toBe('alerts');
    for (const sensor of ['doorbell-front', 'doorbell-gate']) await release(sensor);
  });

  test('are not shown of an incident that a silence matches', async ({ page }) => {
    const { data } = await axios.post<unknown>(`${apiUrl}/silences`, {
      matchers: [{ name: 'sensor', value: 'doorbell-broken' }],
      ends_at: new Date(Date.now() + 600_000).toISOString(),
      comment: 'It rings all day',
    });
    const { id } = z.object({ id: z.string() }).parse(data);
    await page.goto('/?view=alerts');
    const isReady = waitForFiring(page, 'doorbell-broken', false);
    await toSwitch(page).click();
    await isReady;
    const isKnown = waitForFiring(page, 'doorbell-broken', true);
    await ring('doorbell-broken');
    await isKnown;
    await ring('doorbell-side');
    await expect
      .poll(async () => (await readShown(page)).map(({ body }) => body))
      .toEqual(['doorbell-side rang']);
    for (const sensor of ['doorbell-broken', 'doorbell-side']) await release(sensor);
    await axios.delete(`${apiUrl}/silences/${id}`);
  });

  test('are not shown, and nothing is requested for them, once the switch is off', async ({ page }) => {
    await page.goto('/?view=alerts');
    await toSwitch(page).click();
    await expect(toSwitch(page)).toBeChecked();
    await page.reload();
    await expect(toSwitch(page)).toBeChecked();
    await toSwitch(page).click();
    await expect(toSwitch(page)).not.toBeChecked();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await ring('doorbell-back');
    await expect(
      page.getByRole('row', { name: /doorbell-back.*Active/ }).filter({ hasText: rule }),
    ).toBeVisible();
    expect(requested.filter((url) => url.includes('state=firing'))).toEqual([]);
    expect(await readShown(page)).toEqual([]);
    await release('doorbell-back');
  });
});

test.describe('the sound of an incident', () => {
  test.use({ permissions: [] });

  test('is off at first, needs no permission, and is remembered', async ({ context, page }) => {
    await context.addInitScript(`
      window.tones = 0;
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (...times) {
        window.tones += 1;
        return start.apply(this, times);
      };
      // As where a person has not clicked yet. Everything that a test evaluates in the page counts as a click.
      let isClicked = false;
      addEventListener('pointerdown', () => (isClicked = true), true);
      const { resume } = AudioContext.prototype;
      AudioContext.prototype.resume = function () {
        return isClicked ? resume.call(this) : new Promise(() => {});
      };
    `);
    await page.goto('/?view=alerts');
    const sound = page.getByRole('switch', { name: 'Play a sound' });
    await expect(sound).not.toBeChecked();
    const isReady = waitForFiring(page, 'doorbell-loud', false);
    await sound.click();
    await isReady;
    await ring('doorbell-loud');
    await expect.poll(() => page.evaluate('window.tones')).toBe(2);
    await page.reload();
    await expect(sound).toBeChecked();
    const note = page.getByText('The browser plays no sound until you click on this page.');
    await expect(note).toBeVisible();
    await page.getByRole('heading', { name: 'Incidents', exact: true }).click();
    await expect(note).toHaveCount(0);
    expect(await findViolations(page)).toEqual([]);
    await sound.click();
    await expect(sound).not.toBeChecked();
    await release('doorbell-loud');
  });
});
