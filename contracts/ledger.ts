import { z } from 'zod';
import { numberFromQuery, sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema, typeNameSchema } from './sensor-types.ts';

export const maxLedgerSensors = 1000;

/** The query of `GET /ledger`. */
export const ledgerQuerySchema = z.strictObject({
  type: typeNameSchema.optional(),
  sensor_id: sensorIdSchema.optional(),
  /** `next_after` of the previous page. */
  after: sensorIdSchema.optional(),
  limit: numberFromQuery.pipe(z.int().min(1).max(maxLedgerSensors)).default(maxLedgerSensors),
});
export type LedgerQuery = z.infer<typeof ledgerQuerySchema>;

const count = z.int().nonnegative();

const countsShape = {
  /** Readings answered with 200: `stored` + `duplicates`. */
  accepted: count,
  /** Committed readings, one per id. Exact at any moment. */
  stored: count,
  /** Readings sent again with the same id: answered with 200 and the stored prediction. */
  duplicates: count,
  /** The old name of `duplicates`; sent until 1.0. */
  replayed: count.optional(),
  /** Readings with the id of another stored reading: answered with 409. */
  conflicts: count,
  /** Readings with invalid fields. */
  rejected: count,
  /** Stored readings with a timestamp more than `late_after_ms` before the newest timestamp of the sensor. */
  late: count,
  /** Pauses of more than `gap_after_ms` between two arrivals of a sensor. */
  gaps: count,
};

/** The response of `GET /ledger`: the outcomes of all readings that were ever sent, per sensor. */
export const ledgerSchema = z.object({
  type: answeredTypeSchema,
  as_of: utcTimestampSchema,
  late_after_ms: z.int().positive(),
  gap_after_ms: z.int().positive(),
  /** Sums over all matching sensors, not only this page, and over readings that are not attributable to a sensor. */
  totals: z.object(countsShape),
  /** Readings that were not stored and are not attributable to a sensor with stored readings. */
  unattributed: z.object({ conflicts: count, rejected: count }),
  sensors: z.array(
    z.object({
      sensor_id: sensorIdSchema,
      ...countsShape,
      /** First and last arrival of accepted readings; null until the ledger is flushed for the first time. */
      first_seen: utcTimestampSchema.nullable(),
      last_seen: utcTimestampSchema.nullable(),
    }),
  ),
  next_after: sensorIdSchema.nullable(),
});
export type Ledger = z.infer<typeof ledgerSchema>;
