import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { migrateDatabase } from '../storage/migrate-database.ts';
import {
  adminVariables,
  mysqlUrl,
  readerVariables,
  readSecret,
  toReason,
  withoutEmpty,
  withPassword,
} from './admin-config.ts';
import { loadEnvironment } from './load-environment.ts';

loadEnvironment();

const directory = fileURLToPath(new URL('../../../db/init', import.meta.url));

const variables = z.object({
  ...adminVariables,
  DATABASE_URL: mysqlUrl.optional(),
  DATABASE_PASSWORD: z.string().min(1).optional(),
  DATABASE_PASSWORD_FILE: z.string().min(1).optional(),
  ...readerVariables,
  RETENTION_DATABASE_PASSWORD: z.string().min(1).optional(),
  RETENTION_DATABASE_PASSWORD_FILE: z.string().min(1).optional(),
});

async function migrate(): Promise<void> {
  const given = variables.parse(withoutEmpty(process.env));
  const inUrl = given.DATABASE_URL ? decodeURIComponent(new URL(given.DATABASE_URL).password) : '';
  const apiPassword = readSecret(given.DATABASE_PASSWORD_FILE) ?? given.DATABASE_PASSWORD ?? inUrl;
  if (apiPassword === '')
    throw new Error(
      'set DATABASE_PASSWORD or DATABASE_PASSWORD_FILE to the password of the database user sentinel_api',
    );
  await migrateDatabase({
    adminUrl: withPassword(given.DATABASE_ADMIN_URL, readSecret(given.DATABASE_ADMIN_PASSWORD_FILE)),
    directory,
    apiPassword,
    retentionPassword:
      readSecret(given.RETENTION_DATABASE_PASSWORD_FILE) ?? given.RETENTION_DATABASE_PASSWORD,
    readerPassword: given.READER_DATABASE_PASSWORD,
    say: (line) => process.stdout.write(`${line}\n`),
  });
}

try {
  await migrate();
} catch (error) {
  process.stderr.write(`Migration failed: ${toReason(error)}\n`);
  process.exit(1);
}
