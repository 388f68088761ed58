import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDatabase } from '../database/start-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** mysql://…/ as an account that may create databases and users. */
    databaseAdminUrl: string;
  }
}

/** A real server for the tests: the one that TEST_DATABASE_ADMIN_URL names, else one of their own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_ADMIN_URL;
  if (given) {
    project.provide('databaseAdminUrl', given);
    return async () => undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-test-'));
  const database = await startDatabase({ directory, say: (line) => process.stdout.write(`${line}\n`) });
  project.provide('databaseAdminUrl', database.adminUrl);
  return async () => {
    await database.stop(10_000);
    rmSync(directory, { recursive: true, force: true });
  };
}
