import { defineConfig } from '@playwright/test';
import { launchOptions } from '../testing/browser.ts';
import { dashboardUrl } from './running-system.ts';

export default defineConfig({
  globalSetup: './running-system.ts',
  outputDir: '../../test-results',
  reporter: 'list',
  workers: 2,
  forbidOnly: true,
  // Axe looks at every element for minutes where the host takes most of the processors.
  timeout: 300_000,
  // What a person waits for, on a busy machine too.
  expect: { timeout: 30_000 },
  use: {
    launchOptions: launchOptions(),
    baseURL: dashboardUrl,
    viewport: { width: 1440, height: 1200 },
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
  },
});
