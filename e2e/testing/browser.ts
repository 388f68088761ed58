import { requireChromium } from '@sensor-sentinel/start/required-programs.ts';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/** The Chromium of CHROMIUM_PATH or of the PATH, which is installed if there is none. */
export function launchOptions(): LaunchOptions {
  const executablePath = requireChromium(console.log);
  return {
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  };
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}
