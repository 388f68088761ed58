import { test as base, expect, type Locator } from '@playwright/test';
import { createPlace, type LocalSystem, startLocalSystem } from '../testing/local-system.ts';

interface DashboardFixtures {
  /** Loads the dashboard with this query string and waits for its charts. */
  open: (query?: string) => Promise<void>;
  /** The rows of the table, or the cards of a narrow window, with a text of just this. */
  row: (text: string | RegExp) => Locator;
  alertBox: () => Locator;
  /** Another running system, which no other test sends readings to. */
  ownSystem: LocalSystem;
}

export { expect };

/** A test with a page of its own on the running dashboard. */
export const test = base.extend<DashboardFixtures>({
  open: ({ page }, use) =>
    use(async (query = '') => {
      await page.goto(`/${query}`);
      await expect(page.getByRole('img', { name: /^Temperature over time/ })).toBeVisible({
        timeout: 60_000,
      });
    }),
  row: ({ page }, use) =>
    use((text) => {
      // A part of a text is not enough: 25.9 is also in the milliseconds of some time.
      const rows = page.getByRole('table', { name: 'Readings' }).getByRole('row');
      const cards = page.getByRole('list', { name: 'Readings' }).getByRole('listitem');
      return rows.or(cards).filter({ has: page.getByText(text, { exact: true }) });
    }),
  alertBox: ({ page }, use) => use(() => page.getByRole('region', { name: 'Alert' })),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed: none.
  ownSystem: async ({}, use) => {
    const system = startLocalSystem(await createPlace());
    await system.said('open http');
    await use(system);
    await system.stop();
    system.remove();
  },
});
