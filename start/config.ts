import { toIssueTexts } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const port = (fallback: number) =>
  z.coerce.number({ error: 'expected a port number' }).int().min(1).max(65_535).default(fallback);

const mysqlUrl = z.url({ protocol: /^mysql$/, error: 'expected mysql://user:password@host:port/database' });

/** The descriptions become docs/settings.md: `npm run docs:settings`. */
export const startVariables = z.object({
  API_PORT: port(5000).describe('Port of the API.'),
  DASHBOARD_PORT: port(8050).describe('Port of the dashboard.'),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .describe('Folder of the private database, its passwords and the logs.'),
  DATABASE_URL: mysqlUrl.optional().describe('Database to use instead of a private one; see [API](#api).'),
  DATABASE_ADMIN_URL: mysqlUrl
    .optional()
    .describe(
      'Account that updates the tables of the database in `DATABASE_URL`; see [Migration](#migration).',
    ),
  RETENTION_DATABASE_URL: mysqlUrl
    .optional()
    .describe(
      'Account that removes readings from the database in `DATABASE_URL`; see [Retention](#retention).',
    ),
  RETENTION_RAW: z.string().optional().describe('How long readings are kept; see [Retention](#retention).'),
  RETENTION_MINUTE: z
    .string()
    .optional()
    .describe('How long rollups per minute are kept; see [Retention](#retention).'),
  RETENTION_HOUR: z
    .string()
    .optional()
    .describe('How long rollups per hour are kept; see [Retention](#retention).'),
  RETENTION_INCIDENTS: z
    .string()
    .optional()
    .describe('How long cleared incidents are kept; see [Retention](#retention).'),
});

export type StartConfig = Readonly<z.infer<typeof startVariables>>;

/** @throws StartError that lists every fault at once */
export function parseStartConfig(environment: Record<string, string | undefined>): StartConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = startVariables.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new StartError(toIssueTexts(parsed.error).join('; '));
}
