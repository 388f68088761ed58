import { z } from 'zod';
import { StartError } from './start-error.ts';

const port = (fallback: number) =>
  z.coerce.number({ error: 'expected a port number' }).int().min(1).max(65_535).default(fallback);

const mysqlUrl = z.url({ protocol: /^mysql$/, error: 'expected mysql://user:password@host:port/database' });

export const startVariables = z.object({
  API_PORT: port(5000),
  DASHBOARD_PORT: port(8050),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: mysqlUrl.optional(),
  DATABASE_ADMIN_URL: mysqlUrl.optional(),
  RETENTION_DATABASE_URL: mysqlUrl.optional(),
  RETENTION_RAW: z.string().optional(),
  RETENTION_MINUTE: z.string().optional(),
  RETENTION_HOUR: z.string().optional(),
});

export type StartConfig = Readonly<z.infer<typeof startVariables>>;

/** @throws StartError that lists every fault at once */
export function parseStartConfig(environment: Record<string, string | undefined>): StartConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = startVariables.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new StartError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}
