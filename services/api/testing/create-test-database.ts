import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';
import { migrateDatabase } from '../storage/migrate-database.ts';

export interface TestDatabase {
  /** URL with the API's database user. */
  url: string;
  /** URL with the retention job's database user. */
  retentionUrl: string;
  adminUrl: string;
  drop: () => Promise<void>;
}

const apiPassword = 'only-for-tests';
const retentionPassword = 'only-for-retention-tests';

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
  await migrateDatabase({ adminUrl, directory, apiPassword, retentionPassword, say: () => undefined });
  return {
    url: signInAs('sentinel_api', apiPassword, adminUrl),
    retentionUrl: signInAs('sentinel_retention', retentionPassword, adminUrl),
    adminUrl,
    async drop() {
      const connection = await mysql.createConnection(serverUrl);
      await connection.query('DROP DATABASE ??', [name]);
      await connection.end();
    },
  };
}
