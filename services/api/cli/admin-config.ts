import { readFileSync } from 'node:fs';
import { toIssueTexts } from '@sensor-sentinel/contracts';
import { z } from 'zod';

export const mysqlUrl = z.url({ protocol: /^mysql$/, error: 'expected mysql://user@host:port/database' });

/** The account for maintenance commands. The API uses another account, which cannot delete readings. */
export const adminVariables = {
  DATABASE_ADMIN_URL: mysqlUrl.describe(
    'Database, and an account that may create tables and users, as in `mysql://root:password@127.0.0.1:3306/sensor_sentinel`. If it is set, `npm start` updates the tables.',
  ),
  DATABASE_ADMIN_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that contains the password of this account, if the URL does not.'),
};

/** The account that may read the views of sensor types, and nothing else. */
export const readerVariables = {
  READER_DATABASE_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Password of the account `sentinel_reader`, which may read the views of sensor types. The account is locked until it has one.',
    ),
};

/** Takes an empty variable for an absent one, such as `DATABASE_URL=` in `.env`. */
export function withoutEmpty(
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** The URL with this password; unchanged if the password is undefined. */
export function withPassword(url: string, password: string | undefined): string {
  const complete = new URL(url);
  if (password !== undefined) complete.password = encodeURIComponent(password);
  return complete.href;
}

/** Reads a secret from a file; undefined without a path. @throws Error if the file cannot be read */
export function readSecret(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, 'utf8').trim();
}

/** What a person reads of an error: the faults of all variables, or its message. */
export function toReason(error: unknown): string {
  if (error instanceof z.ZodError) return toIssueTexts(error).join('; ');
  return error instanceof Error ? error.message || String(error) : String(error);
}
