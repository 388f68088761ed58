import axios from 'axios';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { launchBrowser } from '../testing/browser.ts';
import { sees } from '../testing/dashboard-test.ts';
import { findViolations } from '../testing/find-violations.ts';
import { anomalousValues, normalValues, postReading } from '../testing/post-reading.ts';

const apiUrl = inject('apiUrl');
const rule = 'Doorbell';
const limitMs = 60_000;

/** Also records the notifications of the page. */
const recordNotifications = `
  window.shown = [];
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      window.shown.push({ title, ...options });
      window.click = () => this.onclick();
    }
  };
`;

const shownSchema = z.array(z.object({ title: z.string(), body: z.string(), tag: z.string() }));

async function readShown(page: Page) {
  return shownSchema.parse(await page.evaluate('window.shown'));
}

let browser: Browser;

/** A browser of its own, with its own storage. */
async function openContext(permissions: string[]): Promise<BrowserContext> {
  const context = await browser.newContext({ permissions, viewport: { width: 1440, height: 1200 } });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(limitMs);
  await context.addInitScript(recordNotifications);
  return context;
}

async function openPage(context: BrowserContext, query: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${inject('dashboardUrl')}/${query}`);
  return page;
}

const toSwitch = (page: Page) => page.getByRole('switch', { name: 'Notify me in this browser' });
const isOn = (page: Page) => toSwitch(page).isChecked();

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

beforeAll(async () => {
  browser = await launchBrowser();
  await axios.put(`${apiUrl}/rules/${rule}`, {
    sensors: 'doorbell-*',
    condition: { kind: 'anomalies_in_a_row', count: 1 },
    annotations: { summary: '{{ sensor }} rang' },
  });
});

afterAll(() => browser.close());

describe('notifications of the browser', () => {
  test.for([
    ['the browser blocks them', '', 'The browser blocks notifications of this page.'],
    ['the browser has none', 'delete window.Notification', 'This browser cannot show notifications'],
    [
      'the page is not on HTTPS',
      "Object.defineProperty(window, 'isSecureContext', { value: false })",
      'only of pages on HTTPS or on localhost',
    ],
  ] as const)('stay off if %s, and the page says what to do', async ([, script, sentence]) => {
    const context = await openContext([]);
    await context.addInitScript(script);
    const page = await openPage(context, '?view=alerts');
    await toSwitch(page).click();
    await sees(page.getByRole('alert').filter({ hasText: sentence }));
    expect(await isOn(page)).toBe(false);
    expect(await findViolations(page)).toEqual([]);
  });

  test('are turned off if the browser has no constructor of them', async () => {
    const context = await openContext(['notifications']);
    await context.addInitScript(`
      window.Notification = class extends Notification {
        constructor() {
          throw new TypeError('Illegal constructor');
        }
      };
    `);
    const page = await openPage(context, '?view=alerts');
    const isEmpty = waitForFiring(page, 'doorbell-side', false);
    await toSwitch(page).click();
    await isEmpty;
    await ring('doorbell-side');
    await sees(page.getByRole('alert').filter({ hasText: 'This browser cannot show notifications' }));
    expect(await isOn(page)).toBe(false);
    await release('doorbell-side');
  });

  test('are shown by one of several windows, and lead to the details', async () => {
    const context = await openContext(['notifications']);
    await release('doorbell-front');
    const first = await openPage(context, '?view=alerts');
    await toSwitch(first).click();
    await expect.poll(() => isOn(first)).toBe(true);
    const pages = [first, await openPage(context, '?view=sensors')];
    const waitInAll = (hasIncident: boolean) =>
      Promise.all(pages.map((page) => waitForFiring(page, 'doorbell-front', hasIncident)));
    await waitInAll(false);

    const arrived = waitInAll(true);
    await ring('doorbell-front');
    await arrived;
    // By the time of another response, each window has seen the incident.
    await waitInAll(true);
    const shown = await Promise.all(pages.map(readShown));
    const title = expect.stringMatching(/Doorbell.*, .*doorbell-front/);
    expect(shown.flat()).toEqual([{ title, body: 'doorbell-front rang', tag: expect.any(String) }]);

    const [notified] = pages.filter((_, index) => shown[index]?.length === 1);
    await notified?.evaluate('window.click()');
    const dialog = notified?.getByRole('dialog', { name: `${rule}, doorbell-front` });
    await dialog?.getByText('doorbell-front rang').waitFor();
    expect(new URL(notified?.url() ?? '').searchParams.get('view')).toBe('alerts');
    await release('doorbell-front');
  });

  test('are not shown, and nothing is requested for them, once the switch is off', async () => {
    const context = await openContext(['notifications']);
    const page = await openPage(context, '?view=alerts');
    await toSwitch(page).click();
    await expect.poll(() => isOn(page)).toBe(true);
    await page.reload();
    await expect.poll(() => isOn(page)).toBe(true);
    await toSwitch(page).click();
    await expect.poll(() => isOn(page)).toBe(false);
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await ring('doorbell-back');
    await sees(page.getByRole('row', { name: /Firing.*doorbell-back/ }).filter({ hasText: rule }));
    expect(requested.filter((url) => url.includes('state=firing'))).toEqual([]);
    expect(await readShown(page)).toEqual([]);
    await release('doorbell-back');
  });
});
