import type { BrowserContext, Page, Request } from '@playwright/test';
import { findViolations } from '../testing/find-violations.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { expect, test } from './dashboard-test.ts';
import { apiUrl } from './running-system.ts';

const timeButton = (page: Page) => page.getByRole('button', { name: /^Time window:/ });
const picker = (page: Page) => page.getByRole('dialog', { name: 'Time window' });

/** A part of a time in the picker: `hour, Start`. */
function segment(page: Page, name: string) {
  return picker(page).getByRole('spinbutton', { name });
}

async function openPicker(page: Page): Promise<void> {
  await page.keyboard.press('t');
  await expect(segment(page, 'year, Start')).toBeFocused();
}

async function press(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function chooseZone(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Time zone:' }).click();
  await page.getByRole('option', { name, exact: true }).click();
}

async function seesMode(page: Page, name: 'Live' | 'Paused' | 'History'): Promise<void> {
  await expect(page.getByRole('radio', { name, checked: true })).toBeVisible();
}

function zoomIn(page: Page): Promise<void> {
  return page.keyboard.press('+');
}

/** The answer to the next question about the series: what was live has been refreshed. */
async function isRefreshed(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.url().includes('/series'));
}

/** As the browser has it: `page.url()` learns of a change a moment after the page shows it. */
async function readUrl(page: Page): Promise<string> {
  return String(await page.evaluate('location.href'));
}

/** What says where in time the page is: its query string and its header. */
async function readPlace(page: Page) {
  return [new URL(await readUrl(page)).search, await timeButton(page).textContent()];
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
    await openPicker(page);
    await press(page, ['ArrowRight', 'ArrowRight', '1']);
    await isRefreshed(page);
    await isRefreshed(page);
    await press(page, ['4']);
    await expect(segment(page, 'day, Start')).toHaveText('14');
    await expect(segment(page, 'hour, Start')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(picker(page)).toHaveCount(0);
    await seesMode(page, 'Live');
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
    await expect(timeButton(page)).toHaveText('2025-07-01 12:30 – 13:30');
    const other = await openElsewhere(context, await readUrl(page));
    expect(await readPlace(other)).toEqual(await readPlace(page));
    const readings = other.getByRole('group', { name: 'Readings' });
    await expect(readings.getByText('2', { exact: true })).toBeVisible();
    await expect(other.getByRole('button', { name: /^Sensors: .*here.* and 1 more/ })).toBeVisible();
    await other.close();
  });

  test('goes back over a zoom, and forth', async ({ page, open }) => {
    await open('?mode=historical&from=2025-07-01T10:00:00.000Z&to=2025-07-01T12:00:00.000Z&zone=UTC');
    await zoomIn(page);
    await expect(timeButton(page)).toHaveText('2025-07-01 10:30 – 11:30');
    await zoomIn(page);
    await expect(timeButton(page)).toHaveText('2025-07-01 10:45 – 11:15');
    await page.goBack();
    await page.goBack();
    await expect(timeButton(page)).toHaveText('2025-07-01 10:00 – 12:00');
    await page.goForward();
    await expect(timeButton(page)).toHaveText('2025-07-01 10:30 – 11:30');
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
    await expect(row(/^2025-10-26 02:30:00/)).toHaveCount(2);
    await expect(timeButton(page)).toHaveText('2025-10-26 02:00 – 02:45');
    await chooseZone(page, 'UTC');
    await expect(row(/^2025-10-26 00:30:00/)).toBeVisible();
    await expect(row(/^2025-10-26 01:30:00/)).toBeVisible();
    await expect(timeButton(page)).toHaveText('2025-10-26 00:00 – 01:45');
    await page.goBack();
    await expect(row(/^2025-10-26 02:30:00/)).toHaveCount(2);
    await openPicker(page);
    await expect(picker(page).getByText('CEST')).toBeVisible();
    // One hour after two o'clock it is two o'clock again.
    await press(page, ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowUp']);
    await expect(segment(page, 'hour, Start')).toHaveText('02');
    await expect(picker(page).getByText('CEST')).toHaveCount(0);
    await page.keyboard.press('Enter');
    await expect(row(/^2025-10-26 02:30:00/)).toHaveCount(1);
  });

  test('is found by its city, and remembered where the address names none', async ({ page, open }) => {
    await open();
    await page.getByRole('button', { name: 'Time zone:' }).click();
    const search = page.getByRole('combobox', { name: 'Search time zones' });
    await search.fill('berlin');
    await expect(page.getByRole('listbox', { name: 'Time zones' }).getByRole('option')).toHaveCount(1);
    await expect(search).toHaveAttribute('aria-activedescendant', /Berlin/);
    await page.keyboard.press('Enter');
    const zone = page.getByRole('button', { name: 'Time zone: Europe/Berlin' });
    await expect(zone).toBeVisible();
    await open();
    await expect(zone).toBeVisible();
  });
});

test.describe('a fixed range', () => {
  test('is typed in nine keys; its end follows its start', async ({ page, open, alertBox }) => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const [year = '', month = '', day = ''] = yesterday.slice(0, 10).split('-');
    const isOtherYear = year !== String(new Date().getUTCFullYear());
    await open('?zone=UTC');
    await openPicker(page);
    await press(page, [...(isOtherYear ? year : ['ArrowRight']), ...month, ...day, '1', '4', 'Enter']);
    await seesMode(page, 'History');
    await expect(timeButton(page)).toHaveText(`${year}-${month}-${day} 14:00 – 15:00`);
    await expect(alertBox().getByText('Past data', { exact: true })).toBeVisible();
    await page.goBack();
    await seesMode(page, 'Live');
  });

  test('is chosen from the calendar', async ({ page }) => {
    await page.goto('/?mode=historical&from=2025-07-01T10:00:00.000Z&to=2025-07-01T12:00:00.000Z&zone=UTC');
    await timeButton(page).click();
    await picker(page).getByRole('button', { name: 'Previous' }).click();
    await picker(page).getByRole('button', { name: 'Tuesday, 3 June 2025' }).click();
    await picker(page).getByRole('button', { name: 'Wednesday, 4 June 2025' }).click();
    await picker(page).getByRole('button', { name: 'Apply' }).click();
    await expect(timeButton(page)).toHaveText('2025-06-03 10:00 – 2025-06-04 12:00');
  });

  test('is refused with the reason beside the field', async ({ page }) => {
    await page.goto('/?mode=historical&from=2025-07-01T10:00:00.000Z&to=2025-07-01T12:00:00.000Z&zone=UTC');
    await timeButton(page).click();
    await segment(page, 'hour, End').press('0');
    await page.keyboard.press('9');
    await expect(picker(page).getByText('The end must be after the start.')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(picker(page).getByRole('button', { name: 'Apply' })).toBeDisabled();
    await segment(page, 'hour, End').press('1');
    await page.keyboard.press('3');
    await picker(page).getByRole('button', { name: 'Apply' }).click();
    await expect(timeButton(page)).toHaveText('2025-07-01 10:00 – 13:00');
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
    await expect(timeButton(page)).toHaveText('Last 1 h');
    await openPicker(page);
    await page.keyboard.type('pl?');
    await seesMode(page, 'Live');
    await expect(page.getByRole('dialog')).toHaveCount(1);
  });

  test('single keys are listed, and can be switched off', async ({ page, open }) => {
    await open();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await expect(dialog.getByRole('row', { name: 'p Pause or resume' })).toBeVisible();
    const choice = dialog.getByRole('checkbox', { name: /single-key shortcuts/i });
    await choice.press('Space');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await page.keyboard.press('p');
    await isRefreshed(page);
    await seesMode(page, 'Live');
    await page.getByRole('button', { name: 'Settings' }).press('Enter');
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
    await expect(search).toHaveAttribute('aria-activedescendant', /pick-1/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(search).toHaveAttribute('aria-activedescendant', /pick-3/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).searchParams.getAll('sensor')).toEqual(['pick-1', 'pick-3']);
    await expect(row('pick-1').first()).toBeVisible();
    await expect(row('pick-3')).toBeVisible();
    await expect(row('pick-2')).toHaveCount(0);
    await expect(page.getByRole('group', { name: 'Readings' }).getByText('2', { exact: true })).toBeVisible();
  });
});

test('two sensors are compared in three clicks', async ({ page, open }) => {
  for (const sensor_id of ['0-left', '0-right']) await postReading(apiUrl, { ...normalValues, sensor_id });
  await open();
  await page.getByRole('button', { name: /^Sensors:/ }).click();
  const sensors = page.getByRole('listbox', { name: 'Sensors' });
  await sensors.getByRole('option', { name: '0-left' }).click();
  await sensors.getByRole('option', { name: '0-right' }).click();
  const legend = page.locator('.js-plotly-plot').first().locator('.legend');
  for (const name of ['0-left', '0-right'])
    await expect(legend.getByText(name, { exact: true })).toBeVisible();
});

test.describe('on a phone', () => {
  for (const width of [360, 390, 430]) {
    test(`the header has at most 120 px, and its popovers fit: ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 844 });
      for (const query of ['', '?mode=historical&from=2025-07-01T10:00:01Z&to=2025-07-02T12:00:02Z']) {
        await page.goto(`/${query}`);
        await expect(page.getByRole('region', { name: 'Readings', exact: true })).toBeVisible();
        const header = await page.getByRole('banner').boundingBox();
        expect(header?.height).toBeLessThanOrEqual(120);
      }
      await timeButton(page).click();
      await expect(picker(page).getByRole('button', { name: 'Apply' })).toBeInViewport({ ratio: 1 });
      expect(await findViolations(page)).toEqual([]);
    });
  }
});

test('history requests nothing twice while readings arrive', async ({ page, open }) => {
  for (const minute of ['00', '20', '40'])
    await postReading(apiUrl, { ...normalValues, timestamp: `2025-07-01T10:${minute}:00.000Z` });
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
    .filter((url) => /readings|stats|series|distribution/.test(url));
  expect(ofWindow.some((url) => url.includes('/series'))).toBe(true);
  expect(ofWindow.toSorted()).toEqual([...new Set(ofWindow)].toSorted());
});
