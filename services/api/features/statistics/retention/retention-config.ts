import { z } from 'zod';
import { adminVariables, mysqlUrl, readSecret, withPassword } from '../../../cli/admin-config.ts';

const hoursByUnit = { h: 1, d: 24, w: 168, y: 8760 };
const hourMs = 3_600_000;
const longestHours = 100 * hoursByUnit.y;

/** `12h`, `14d`, `8w`, `2y` (365 days each) → milliseconds */
const durationSchema = z
  .string()
  .regex(/^\d{1,6}[hdwy]$/, 'expected a whole number and h, d, w or y, as in 14d')
  .transform((text) => {
    const unit = text.slice(-1) as keyof typeof hoursByUnit; // checked by the regex
    return Number(text.slice(0, -1)) * hoursByUnit[unit];
  })
  .refine((hours) => hours >= 1 && hours <= longestHours, 'expected 1h to 100y')
  .transform((hours) => hours * hourMs);

export const retentionVariables = {
  RETENTION_RAW: durationSchema
    .optional()
    .describe(
      'How long readings are kept, in hours, days, weeks or years, such as `12h`, `14d`, `8w` or `2y`. Without it, readings and rollups are kept forever.',
    ),
  RETENTION_MINUTE: durationSchema
    .optional()
    .describe(
      'How long rollups per minute are kept, such as `90d`. Requires `RETENTION_RAW`, and must be at least as long.',
    ),
  RETENTION_HOUR: durationSchema
    .optional()
    .describe(
      'How long rollups per hour are kept, such as `2y`. Requires `RETENTION_MINUTE`, and must be at least as long.',
    ),
  RETENTION_INCIDENTS: durationSchema
    .prefault('2y')
    .describe(
      'How long incidents are kept after they have cleared, silences after their end, and notifications.',
    ),
};

const levels = ['RETENTION_RAW', 'RETENTION_MINUTE', 'RETENTION_HOUR'] as const;

/** How long readings, minutes and hours are kept. A coarser level is kept at least as long as a finer one. */
export const retentionSchema = z.object(retentionVariables).superRefine((given, context) => {
  for (const [index, name] of levels.entries()) {
    const finerName = levels[index - 1];
    if (finerName === undefined || given[name] === undefined) continue;
    const finer = given[finerName];
    const message =
      finer === undefined
        ? `needs ${finerName}, because a finer level is not kept longer`
        : `expected at least as long as ${finerName}`;
    if (finer === undefined || finer > given[name])
      context.addIssue({ code: 'custom', path: [name], message });
  }
});

/** Of readings and rollups, in milliseconds; undefined: kept forever. */
export type RetentionLimits = Pick<z.infer<typeof retentionSchema>, (typeof levels)[number]>;

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
      'Password of the account of retention. `npm run migrate` sets it and unlocks the account, which is locked until then.',
    ),
  RETENTION_DATABASE_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'File that contains the password of the account of retention, instead of `RETENTION_DATABASE_PASSWORD`.',
    ),
};

const databaseVariables = z.object({
  ...retentionDatabaseVariables,
  DATABASE_ADMIN_URL: adminVariables.DATABASE_ADMIN_URL.optional(),
  DATABASE_ADMIN_PASSWORD_FILE: adminVariables.DATABASE_ADMIN_PASSWORD_FILE,
});

/**
 * The URL of the database with the account that removes readings: RETENTION_DATABASE_URL, or else DATABASE_ADMIN_URL.
 * The environment must not contain empty variables.
 * @throws Error if neither is set, or a password file cannot be read
 */
export function findRetentionDatabaseUrl(environment: Record<string, string | undefined>): string {
  const given = databaseVariables.parse(environment);
  if (given.RETENTION_DATABASE_URL !== undefined) {
    const password = readSecret(given.RETENTION_DATABASE_PASSWORD_FILE) ?? given.RETENTION_DATABASE_PASSWORD;
    return withPassword(given.RETENTION_DATABASE_URL, password);
  }
  if (given.DATABASE_ADMIN_URL === undefined)
    throw new Error('Set RETENTION_DATABASE_URL to an account that may delete readings.');
  return withPassword(given.DATABASE_ADMIN_URL, readSecret(given.DATABASE_ADMIN_PASSWORD_FILE));
}
