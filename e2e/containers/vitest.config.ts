import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');

export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          name: 'API on MySQL 9.7',
          root,
          include: ['services/api/**/*.test.ts'],
          globalSetup: ['e2e/containers/provide-mysql.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'fuzz on MySQL 9.7',
          root,
          include: ['e2e/fuzz/**/*.test.ts'],
          globalSetup: ['e2e/containers/provide-mysql.ts'],
          provide: { fuzzRequests: 5000 },
          testTimeout: 60_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'compose',
          root,
          include: ['e2e/containers/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
