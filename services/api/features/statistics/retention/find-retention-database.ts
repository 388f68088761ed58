import { z } from 'zod';
import { adminVariables, mysqlUrl, readSecret, withPassword } from '../../../cli/admin-config.ts';

export const retentionDatabaseVariables = {
  RETENTION_DATABASE_URL: mysqlUrl
    .optional()
    .describe(
      'Database and account of retention, as in `mysql://sentinel_retention@127.0.0.1:3306/sensor_sentinel`. Without it, retention uses `DATABASE_ADMIN_URL`.',
    ),
  RETENTION_DATABASE_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Password of this account. `npm run migrate` sets it and unlocks the account, which stays locked otherwise.',
    ),
  RETENTION_DATABASE_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that contains this password, instead of `RETENTION_DATABASE_PASSWORD`.'),
};

const variables = z.object({
  ...retentionDatabaseVariables,
  DATABASE_ADMIN_URL: adminVariables.DATABASE_ADMIN_URL.optional(),
  DATABASE_ADMIN_PASSWORD_FILE: adminVariables.DATABASE_ADMIN_PASSWORD_FILE,
});

/**
 * The database with the account that removes readings: the one that RETENTION_DATABASE_URL names, else the
 * administrator's. Empty variables must have been left out.
 *
 * @throws where neither is given, or a password file cannot be read
 */
export function findRetentionDatabaseUrl(environment: Record<string, string | undefined>): string {
  const given = variables.parse(environment);
  if (given.RETENTION_DATABASE_URL !== undefined) {
    const password = readSecret(given.RETENTION_DATABASE_PASSWORD_FILE) ?? given.RETENTION_DATABASE_PASSWORD;
    return withPassword(given.RETENTION_DATABASE_URL, password);
  }
  if (given.DATABASE_ADMIN_URL === undefined)
    throw new Error('set RETENTION_DATABASE_URL: an account that may delete readings');
  return withPassword(given.DATABASE_ADMIN_URL, readSecret(given.DATABASE_ADMIN_PASSWORD_FILE));
}
