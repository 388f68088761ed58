import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The tests of the running system mostly wait: more of them than cores.
    maxWorkers: 4,
    projects: [
      {
        test: {
          name: 'code',
          include: ['{contracts,model,services,local}/**/*.test.{ts,tsx}'],
          globalSetup: ['local/testing/provide-database.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['e2e/system/**/*.test.ts'],
          globalSetup: ['e2e/system/provide-system.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
