import { requireChromium } from '@sensor-sentinel/start/required-programs.ts';
import { type Browser, chromium } from 'playwright-core';

/** The Chromium of CHROMIUM_PATH or of the PATH, which is installed if there is none. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = requireChromium(console.log);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}
