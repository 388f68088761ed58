import type { BrowserContext, Page, Request } from '@playwright/test';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const start = (page: Page) => page.getByRole('textbox', { name: 'Start' });
const end = (page: Page) => page.getByRole('textbox', { name: 'End', exact: true });

async function seesMode(page: Page, name: 'Live' | 'Paused' | 'History'): Promise<void> {
  await expect(page.getByRole('radio', { name, checked: true })).toBeVisible();
}

function zoomIn(page: Page): Promise<void> {
  const tools = page.getByRole('group', { name: 'Time window' });
  return tools.getByRole('button', { name: 'Zoom in' }).click();
}

/** The answer to the next question about the series: what was live has been refreshed. */
async function isRefreshed(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.url().includes('/series'));
}

/** As the browser has it: `page.url()` learns of a change a moment after the page shows it. */
async function readUrl(page: Page): Promise<string> {
  return String(await page.evaluate('location.href'));
}

/** What says where in time the page is: its query string and its fields. */
async function readPlace(page: Page) {
  return [new URL(await readUrl(page)).search, await start(page).inputValue(), await end(page).inputValue()];
}

async function openElsewhere(context: BrowserContext, url: string): Promise<Page> {
  const browser = context.browser();
  if (browser === null) throw new Error('the context has no browser');
  const page = await browser.newPage({ timezoneId: 'Asia/Kathmandu' });
  await page.goto(url);
  await expect(page.getByRole('img', { name: /^Temperature over time/ })).toBeVisible();
  return page;
}

test.describe('live', () => {
  test('updates as readings arrive, and says that there is no live connection while the stream is down', async ({
    page,
    open,
    row,
  }) => {
    // The requests of a shared worker cannot be intercepted. Without one, each window has a stream of its own.
    await page.addInitScript('delete globalThis.SharedWorker');
    await page.route('**/api/stream', (route) => route.fulfill({ status: 503, body: '' }));
    await postReading(apiUrl, { ...normalValues, sensor_id: 'streamless' });
    await open('?sensor=streamless');
    await expect(page.getByText('no live connection since')).toBeVisible();
    await postReading(apiUrl, { ...normalValues, temperature: 24.3, sensor_id: 'streamless' });
    await expect(row('24.3')).toBeVisible();
    await page.unroute('**/api/stream');
    await expect(page.getByText('no live connection since')).toHaveCount(0);
    await postReading(apiUrl, { ...normalValues, temperature: 24.7, sensor_id: 'streamless' });
    await expect(row('24.7')).toBeVisible();
  });

  test('keeps a zoom, and counts what is new', async ({ page, open }) => {
    await open();
    await zoomIn(page);
    await seesMode(page, 'Paused');
    const place = await readPlace(page);
    for (let sent = 0; sent < 3; sent++) {
      await postReading(apiUrl, { ...normalValues, sensor_id: 'busy' });
    }
    await expect(page.getByText(/([3-9]|\d{2,}) new readings/)).toBeVisible();
    expect(await readPlace(page)).toEqual(place);
    await page.getByRole('button', { name: 'Resume' }).click();
    await seesMode(page, 'Live');
  });

  test('leaves alone what is being typed', async ({ page, open }) => {
    await open();
    await start(page).pressSequentially('yester');
    await isRefreshed(page);
    await isRefreshed(page);
    await start(page).pressSequentially('day 9:0');
    await expect(start(page)).toHaveValue('yesterday 9:0');
    await seesMode(page, 'Live');
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect(start(page)).toHaveValue('');
  });
});

test.describe('the address', () => {
  test('opens the same elsewhere', async ({ page, context, open }) => {
    const timestamp = '2025-07-01T10:30:00.000Z';
    for (const sensor_id of ['here', 'there', 'neither']) {
      await postReading(apiUrl, { ...normalValues, sensor_id, timestamp });
    }
    await open(
      '?mode=historical&from=2025-07-01T10:00:00.000Z&to=2025-07-01T12:00:00.000Z&zone=Europe/Berlin&sensor=here&sensor=there',
    );
    await zoomIn(page);
    await expect(start(page)).toHaveValue('2025-07-01 12:30:00');
    const other = await openElsewhere(context, await readUrl(page));
    expect(await readPlace(other)).toEqual(await readPlace(page));
    const readings = other.getByRole('group', { name: 'Readings' });
    await expect(readings.getByText('2', { exact: true })).toBeVisible();
    await expect(other.getByRole('button', { name: 'Sensor here and 1 more' }).first()).toBeVisible();
    await other.close();
  });

  test('goes back over a zoom, and forth', async ({ page, open }) => {
    await open('?mode=historical&from=2025-07-01T10:00:00.000Z&to=2025-07-01T12:00:00.000Z&zone=UTC');
    await zoomIn(page);
    await expect(start(page)).toHaveValue('2025-07-01 10:30:00');
    await zoomIn(page);
    await expect(start(page)).toHaveValue('2025-07-01 10:45:00');
    await page.goBack();
    await page.goBack();
    await expect(start(page)).toHaveValue('2025-07-01 10:00:00');
    await page.goForward();
    await expect(start(page)).toHaveValue('2025-07-01 10:30:00');
  });
});

test.describe('a time zone', () => {
  test('is followed by all times, over a change of clocks', async ({ page, open, row }) => {
    for (const timestamp of ['2025-10-26T00:30:00.000Z', '2025-10-26T01:30:00.000Z']) {
      await postReading(apiUrl, { ...normalValues, sensor_id: 'clocks', timestamp });
    }
    await open(
      '?mode=historical&from=2025-10-26T00:00:00.000Z&to=2025-10-26T01:45:00.000Z&zone=Europe/Berlin&sensor=clocks',
    );
    await expect(row('2025-10-26 02:30:00')).toHaveCount(2);
    await expect(end(page)).toHaveValue('2025-10-26 02:45:00+01:00');
    await page.getByRole('combobox', { name: 'Time zone' }).selectOption('UTC');
    await expect(row('2025-10-26 00:30:00')).toBeVisible();
    await expect(row('2025-10-26 01:30:00')).toBeVisible();
    await expect(end(page)).toHaveValue('2025-10-26 01:45:00');
    await page.goBack();
    await expect(row('2025-10-26 02:30:00')).toHaveCount(2);
    // The second of the two half past two is what is meant with its offset.
    await start(page).fill('2025-10-26 02:30+01:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(row('2025-10-26 02:30:00')).toHaveCount(1);
  });

  test('is remembered where the address names none', async ({ page, open }) => {
    await open();
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.selectOption('UTC');
    await open();
    await expect(zone).toHaveValue('UTC');
    await zone.selectOption('local');
  });
});

test.describe('a fixed range', () => {
  test('is typed as people write, or chosen from the calendar', async ({ page, open, alertBox }) => {
    await open('?zone=UTC');
    await start(page).fill('1 Jul 2025 9:30');
    await end(page).fill('2025/7/1 11');
    await page.keyboard.press('Enter');
    await expect(page.getByText('End is not a valid time')).toBeVisible();
    await end(page).fill('1.7.2025');
    await page.keyboard.press('Enter');
    await seesMode(page, 'History');
    await expect(alertBox().getByText('Historical data')).toBeVisible();
    await expect(end(page)).toHaveValue('2025-07-02 00:00:00');
    await page.getByRole('button', { name: 'Start: choose a day' }).click();
    const calendar = page.getByRole('dialog', { name: 'Start: choose a day' });
    await expect(calendar.getByRole('table', { name: 'July 2025' })).toBeVisible();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(start(page)).toHaveValue('2025-06-02');
  });
});

test.describe('by keyboard alone', () => {
  test('time is paused, moved and followed again; nothing happens while something is typed', async ({
    page,
    open,
  }) => {
    await open();
    await page.keyboard.press('p');
    await seesMode(page, 'Paused');
    await page.keyboard.press('+');
    await page.keyboard.press('[');
    await page.keyboard.press('3');
    await expect(page.getByRole('button', { name: '1 h', pressed: true })).toBeVisible();
    await page.keyboard.press('t');
    await page.keyboard.type('php3?');
    await expect(start(page)).toHaveValue('php3?');
    await seesMode(page, 'Live');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('single keys are listed, and can be switched off', async ({ page, open }) => {
    await open();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(dialog.getByRole('row', { name: 'p Pause or resume' })).toBeVisible();
    const choice = dialog.getByRole('checkbox', { name: /single-key shortcuts/ });
    await choice.press('Space');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await page.keyboard.press('p');
    await isRefreshed(page);
    await seesMode(page, 'Live');
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).press('Enter');
    await choice.press('Space');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await seesMode(page, 'Paused');
  });

  test('several sensors are chosen', async ({ page, open, row }) => {
    for (const sensor_id of ['pick-1', 'pick-2', 'pick-3']) {
      await postReading(apiUrl, { ...normalValues, sensor_id });
    }
    await open();
    await page.keyboard.press('s');
    const search = page.getByRole('combobox', { name: 'Search sensors' });
    await search.pressSequentially('pick-');
    await expect(page.getByRole('listbox', { name: 'Sensors' }).getByRole('option')).toHaveCount(3);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).searchParams.getAll('sensor')).toEqual(['pick-1', 'pick-3']);
    await expect(row('pick-1').first()).toBeVisible();
    await expect(row('pick-3')).toBeVisible();
    await expect(row('pick-2')).toHaveCount(0);
    await expect(page.getByRole('group', { name: 'Readings' }).getByText('2', { exact: true })).toBeVisible();
  });
});

test('history requests nothing twice while readings arrive', async ({ page, open }) => {
  for (const minute of ['00', '20', '40'])
    await postReading(apiUrl, { ...normalValues, timestamp: `2025-07-01T10:${minute}:00.000Z` });
  // The requests of a shared worker cannot be seen. Without one, each window has a stream of its own.
  await page.addInitScript('delete globalThis.SharedWorker');
  // Failed requests do not count: the page repeats them.
  const requested = new Set<Request>();
  page.on('request', (request) => requested.add(request));
  page.on('requestfailed', (request) => requested.delete(request));
  page.on('response', (response) => response.ok() || requested.delete(response.request()));
  await open('?mode=historical&from=2025-07-01T10:00:00.000Z&to=2025-07-01T12:00:00.000Z');
  const live = await page.context().newPage();
  await live.goto('/');
  await isRefreshed(live);
  await postReading(apiUrl, { ...normalValues, sensor_id: 'unseen' });
  await isRefreshed(live);
  await live.close();
  const ofWindow = [...requested]
    .map((request) => request.url())
    .filter((url) => /stream|readings|stats|series|distribution/.test(url));
  expect(ofWindow.some((url) => url.includes('/series'))).toBe(true);
  expect(ofWindow.toSorted()).toEqual([...new Set(ofWindow)].toSorted());
  expect(ofWindow.filter((url) => url.includes('/stream'))).toEqual([]);
});
