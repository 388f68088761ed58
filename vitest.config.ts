import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The tests of the running system mostly wait: more workers than cores.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'start',
          include: ['e2e/start/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'sender',
          include: ['e2e/sender/**/*.test.ts'],
          globalSetup: ['start/testing/provide-database.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['e2e/faults/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'alerts',
          include: ['e2e/alerts/**/*.test.ts'],
          globalSetup: ['start/testing/provide-database.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['e2e/fuzz/**/*.test.ts'],
          globalSetup: ['start/testing/provide-database.ts'],
          provide: { fuzzRequests: 20_000 },
          testTimeout: 60_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'code',
          include: ['*.test.ts', '{bench,contracts,docs,model,services,start}/**/*.test.{ts,tsx}'],
          globalSetup: ['start/testing/provide-database.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
