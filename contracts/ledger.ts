import { z } from 'zod';
import { numberFromQuery, sensorIdSchema, utcTimestampSchema } from './scalars.ts';

export const maxLedgerSensors = 1000;

/** The query of `GET /ledger`. */
export const ledgerQuerySchema = z.strictObject({
  sensor_id: sensorIdSchema.optional(),
  /** The `next_after` of the page before. */
  after: sensorIdSchema.optional(),
  limit: numberFromQuery.pipe(z.int().min(1).max(maxLedgerSensors)).default(maxLedgerSensors),
});
export type LedgerQuery = z.infer<typeof ledgerQuerySchema>;

const count = z.int().nonnegative();

const countsShape = {
  /** Answered 200 after their commit: stored + replayed. */
  accepted: count,
  /** Rows that were committed, once per id; exact at any moment. */
  stored: count,
  /** Repetitions of an id that were answered with what is stored. */
  replayed: count,
  /** Repetitions of an id with another reading: 409. */
  conflicts: count,
  /** Refused for their fields. */
  rejected: count,
  /** Stored with a timestamp more than `late_after_ms` before the sensor's newest. */
  late: count,
  /** Pauses between two arrivals of a sensor that lasted longer than `gap_after_ms`. */
  gaps: count,
};

/** The answer to `GET /ledger`: what became of the readings of each sensor, since its first. */
export const ledgerSchema = z.object({
  as_of: utcTimestampSchema,
  late_after_ms: z.int().positive(),
  gap_after_ms: z.int().positive(),
  /** Of every sensor that matches, not of this page only, and of what cannot be laid to a sensor. */
  totals: z.object(countsShape),
  /** Refused, and named no sensor of which anything is stored. */
  unattributed: z.object({ conflicts: count, rejected: count }),
  sensors: z.array(
    z.object({
      sensor_id: sensorIdSchema,
      ...countsShape,
      /** Arrivals; null within the first second. */
      first_seen: utcTimestampSchema.nullable(),
      last_seen: utcTimestampSchema.nullable(),
    }),
  ),
  next_after: sensorIdSchema.nullable(),
});
export type Ledger = z.infer<typeof ledgerSchema>;
