import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';
import { migrateDatabase } from '../storage/migrate-database.ts';
import { toViewsDatabase } from '../storage/views-database.ts';

export interface TestDatabase {
  /** URL with the API's database user. */
  url: string;
  /** URL with the retention job's database user. */
  retentionUrl: string;
  /** URL of the database of views, with the user that may read them. */
  readerUrl: string;
  adminUrl: string;
  drop: () => Promise<void>;
}

const apiPassword = 'only-for-tests';
const retentionPassword = 'only-for-retention-tests';
const readerPassword = 'only-for-reader-tests';

function signInAs(user: string, password: string, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = user;
  url.password = password;
  return url.href;
}

/** Creates an empty, migrated database on a real server. The account of `serverUrl` must be allowed to create databases. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = new URL(name, serverUrl).href;
  const directory = fileURLToPath(new URL('../../../db/init', import.meta.url));
  await migrateDatabase({
    adminUrl,
    directory,
    apiPassword,
    retentionPassword,
    readerPassword,
    say: () => undefined,
  });
  return {
    url: signInAs('sentinel_api', apiPassword, adminUrl),
    retentionUrl: signInAs('sentinel_retention', retentionPassword, adminUrl),
    readerUrl: signInAs('sentinel_reader', readerPassword, new URL(toViewsDatabase(name), serverUrl).href),
    adminUrl,
    async drop() {
      const connection = await mysql.createConnection(serverUrl);
      for (const database of [name, toViewsDatabase(name)])
        await connection.query('DROP DATABASE IF EXISTS ??', [database]);
      await connection.end();
    },
  };
}
