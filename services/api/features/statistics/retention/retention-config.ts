import { z } from 'zod';

const hoursByUnit = { h: 1, d: 24, w: 168, y: 8760 };
const hourMs = 3_600_000;
const longestHours = 100 * hoursByUnit.y;

/** `12h`, `14d`, `8w`, `2y` (365 days each) → milliseconds */
const durationSchema = z
  .string()
  .regex(/^\d{1,6}[hdwy]$/, 'expected a whole number and h, d, w or y, as in 14d')
  .transform((text) => {
    const unit = text.slice(-1) as keyof typeof hoursByUnit; // the pattern above
    return Number(text.slice(0, -1)) * hoursByUnit[unit];
  })
  .refine((hours) => hours >= 1 && hours <= longestHours, 'expected 1h to 100y')
  .transform((hours) => hours * hourMs);

export const retentionVariables = {
  RETENTION_RAW: durationSchema
    .optional()
    .describe(
      'How long readings are kept, in hours, days, weeks or years, such as `12h`, `14d`, `8w` or `2y`.',
    ),
  RETENTION_MINUTE: durationSchema
    .optional()
    .describe(
      'How long rollups per minute are kept, such as `90d`. At least as long as `RETENTION_RAW`, which it needs.',
    ),
  RETENTION_HOUR: durationSchema
    .optional()
    .describe(
      'How long rollups per hour are kept, such as `2y`. At least as long as `RETENTION_MINUTE`, which it needs.',
    ),
};

const levels = ['RETENTION_RAW', 'RETENTION_MINUTE', 'RETENTION_HOUR'] as const;

/** How long readings and rollups are kept: each coarser level as long as the finer one, or longer, or for ever. */
export const retentionSchema = z.object(retentionVariables).superRefine((given, context) => {
  for (const [index, name] of levels.entries()) {
    const finerName = levels[index - 1];
    if (finerName === undefined || given[name] === undefined) continue;
    const finer = given[finerName];
    const message =
      finer === undefined
        ? `needs ${finerName}: what is finer is not kept longer`
        : `expected at least as long as ${finerName}`;
    if (finer === undefined || finer > given[name])
      context.addIssue({ code: 'custom', path: [name], message });
  }
});

/** In milliseconds; undefined: for ever. */
export type RetentionLimits = z.infer<typeof retentionSchema>;

export function isEverythingKept(limits: RetentionLimits): boolean {
  return levels.every((name) => limits[name] === undefined);
}
