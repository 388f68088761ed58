import { test as base, expect, type Locator } from '@playwright/test';
import { createPlace, type LocalSystem, startLocalSystem } from '../testing/local-system.ts';

interface DashboardFixtures {
  /** Loads the dashboard with this query string and waits for its charts. */
  open: (query?: string) => Promise<void>;
  /** The rows of the table with a text of just this, or the cards of a narrow window that contain it. */
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
      const row = page
        .getByRole('table', { name: 'Readings' })
        .getByRole('row')
        .filter({ has: page.getByText(text, { exact: true }) });
      const cards = page.getByRole('list', { name: 'Readings' }).getByRole('listitem');
      return row.or(cards.filter({ hasText: text }));
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
