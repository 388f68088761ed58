import { z } from 'zod';
import { predictionSchema } from './prediction.ts';
import { featureValuesSchema } from './reading.ts';
import { labelSchema, numberFromQuery } from './scalars.ts';
import { isOrdered, mustBeOrdered, timeWindowShape } from './time-window.ts';

/** One stored reading with its prediction. */
export const storedReadingSchema = z.object({ ...predictionSchema.shape, ...featureValuesSchema.shape });
export type StoredReading = z.infer<typeof storedReadingSchema>;

export const sortColumns = [
  'timestamp',
  'temperature',
  'humidity',
  'sound_volume',
  'prediction',
  'score',
] as const;
export type SortColumn = (typeof sortColumns)[number];

export const maxPageSize = 500;

/**
 * Filters and sort order of readings. Ranges include both ends. Readings with equal values are sorted by timestamp, then by
 * arrival, in the direction of `order`.
 */
const selectionShape = {
  ...timeWindowShape,
  prediction: z.enum(['0', '1']).transform(Number).pipe(labelSchema).optional(),
  temperature_min: numberFromQuery.optional(),
  temperature_max: numberFromQuery.optional(),
  humidity_min: numberFromQuery.optional(),
  humidity_max: numberFromQuery.optional(),
  sound_volume_min: numberFromQuery.optional(),
  sound_volume_max: numberFromQuery.optional(),
  score_min: numberFromQuery.optional(),
  score_max: numberFromQuery.optional(),
  sort: z.enum(sortColumns).default('timestamp'),
  order: z.enum(['asc', 'desc']).default('desc'),
};

/** The parameter `format` of `GET /readings`, which takes precedence over the `Accept` header. */
export const readingsFormatSchema = z.enum(['json', 'csv']);

/** The query of `GET /readings` for a CSV export, without `format`. */
export const exportQuerySchema = z.strictObject(selectionShape).refine(isOrdered, mustBeOrdered);
export type ReadingsSelection = z.infer<typeof exportQuerySchema>;

/** The query of `GET /readings` for JSON, without `format`. */
export const readingsQuerySchema = z
  .strictObject({
    ...selectionShape,
    limit: numberFromQuery.pipe(z.int().min(1).max(maxPageSize)).default(50),
    cursor: z.string().max(512).optional(),
  })
  .refine(isOrdered, mustBeOrdered);
export type ReadingsQuery = z.infer<typeof readingsQuerySchema>;

/** A keyset page. `total` is the number of matching readings; counting stops at `total_limit`. */
export const readingsPageSchema = z.object({
  readings: z.array(storedReadingSchema),
  next_cursor: z.string().nullable(),
  total: z.int().nonnegative(),
  total_limit: z.int().nonnegative(),
});
export type ReadingsPage = z.infer<typeof readingsPageSchema>;
