import { type Browser, chromium } from 'playwright-core';
import type { Stack } from '../system/stack.ts';

/** Debian's Chromium without a screen. */
export async function launchBrowser(executablePath: string, stack: Stack): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  stack.defer(() => browser.close());
  return browser;
}
