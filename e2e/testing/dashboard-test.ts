import type { BrowserContext, Locator, Page } from 'playwright-core';
import { test as base, inject } from 'vitest';
import { launchBrowser } from './browser.ts';

const limitMs = 60_000;

export interface Dashboard {
  page: Page;
  context: BrowserContext;
  /** Loads the dashboard with this query string and waits for its charts. */
  open: (query?: string) => Promise<void>;
  /** The rows of the table that contain this text. */
  row: (text: string) => Locator;
  alertBox: () => Locator;
}

async function openDashboard(context: BrowserContext): Promise<Dashboard> {
  const page = await context.newPage();
  return {
    page,
    context,
    async open(query = '') {
      await page.goto(`${inject('dashboardUrl')}/${query}`);
      await page.getByRole('img', { name: /^Temperature over time/ }).waitFor();
    },
    row: (text) => page.getByRole('table', { name: 'Readings' }).getByRole('row', { name: text }),
    alertBox: () => page.getByRole('region', { name: 'Alert' }),
  };
}

/** A test with a page of its own on the running dashboard; the pages of one file share a browser cache. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures are needed: none.
  .extend('context', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1440, height: 1200 } });
    context.setDefaultTimeout(limitMs);
    return context;
  })
  .extend('dashboard', async ({ context }, { onCleanup }) => {
    const dashboard = await openDashboard(context);
    onCleanup(() => dashboard.page.close());
    return dashboard;
  });

/** Waits until it is visible. */
export async function sees(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'visible' });
}
