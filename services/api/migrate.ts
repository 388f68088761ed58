import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { config as loadDotenv } from 'dotenv';
import { z } from 'zod';
import { migrateDatabase } from './storage/migrate-database.ts';

loadDotenv({ quiet: true });

const directory = fileURLToPath(new URL('../../db/init', import.meta.url));

const mysqlUrl = z.url({ protocol: /^mysql$/, error: 'expected mysql://user@host:port/database' });

const variables = z.object({
  DATABASE_ADMIN_URL: mysqlUrl,
  DATABASE_ADMIN_PASSWORD_FILE: z.string().min(1).optional(),
  DATABASE_URL: mysqlUrl.optional(),
  DATABASE_PASSWORD: z.string().min(1).optional(),
  DATABASE_PASSWORD_FILE: z.string().min(1).optional(),
});

function readSecret(path: string): string {
  return readFileSync(path, 'utf8').trim();
}

async function migrate(): Promise<void> {
  const given = variables.parse(
    Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
  );
  const adminUrl = new URL(given.DATABASE_ADMIN_URL);
  if (given.DATABASE_ADMIN_PASSWORD_FILE) {
    adminUrl.password = encodeURIComponent(readSecret(given.DATABASE_ADMIN_PASSWORD_FILE));
  }
  const inUrl = given.DATABASE_URL ? decodeURIComponent(new URL(given.DATABASE_URL).password) : '';
  const inFile = given.DATABASE_PASSWORD_FILE ? readSecret(given.DATABASE_PASSWORD_FILE) : undefined;
  const apiPassword = inFile ?? given.DATABASE_PASSWORD ?? inUrl;
  if (apiPassword === '')
    throw new Error('set DATABASE_PASSWORD or DATABASE_PASSWORD_FILE: the password of sentinel_api');
  await migrateDatabase({
    adminUrl: adminUrl.href,
    directory,
    apiPassword,
    say: (line) => process.stdout.write(`${line}\n`),
  });
}

try {
  await migrate();
} catch (error) {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : error;
  process.stderr.write(`The migration failed: ${reason instanceof Error ? reason.message : reason}\n`);
  process.exit(1);
}
