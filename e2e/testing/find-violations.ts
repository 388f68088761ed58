import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Axe's violations, and whether the page is wider than its window. */
export async function findViolations(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  const found: unknown[] = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  return Number(overflow) > 0 ? [...found, `${overflow} px too wide`] : found;
}
