import { z } from 'zod';
import { predictionSchema } from './prediction.ts';
import { flagFromQuery, labelSchema, numberFromQuery } from './scalars.ts';
import type { SensorType } from './sensor-types.ts';
import { isOrdered, mustBeOrdered, type TimeWindow, timeWindowShape } from './time-window.ts';

/** One stored reading with its prediction. The features of its type are further properties, null where a value is missing. */
export const storedReadingSchema = z.looseObject(predictionSchema.omit({ note: true }).shape);
export type StoredReading = z.infer<typeof storedReadingSchema>;

/** The columns by which the readings of a type can be sorted. */
export function toSortColumns({ features }: SensorType): string[] {
  return ['timestamp', ...features.map(({ name }) => name), 'prediction', 'score'];
}

export const maxPageSize = 500;

/** A range of values, both ends included. */
export interface ValueRange {
  /** A feature, or `score`. */
  name: string;
  min?: number | undefined;
  max?: number | undefined;
}

/** Filters and sort order of the readings of one type. */
export interface ReadingsSelection extends TimeWindow {
  prediction?: 0 | 1 | undefined;
  /** Only the values that the query limits. */
  ranges: readonly ValueRange[];
  /** One of `toSortColumns`. Readings without a value are the last. */
  sort: string;
  /** Readings with equal values are sorted by timestamp, then by arrival, in this direction too. */
  order: 'asc' | 'desc';
}

/** The parameters of a selection. Ranges are the parameters `<feature>_min` and `<feature>_max`. */
function createSelectionShape(type: SensorType) {
  const rangeNames = toRangedNames(type).flatMap((name) => [`${name}_min`, `${name}_max`]);
  return {
    ...timeWindowShape,
    prediction: z.enum(['0', '1']).transform(Number).pipe(labelSchema).optional(),
    ...Object.fromEntries(rangeNames.map((name) => [name, numberFromQuery.optional()])),
    sort: z.enum(toSortColumns(type)).default('timestamp'),
    order: z.enum(['asc', 'desc']).default('desc'),
  };
}

function toRangedNames({ features }: SensorType): string[] {
  return [...features.map(({ name }) => name), 'score'];
}

/** Gathers the parameters `<name>_min` and `<name>_max` in `ranges`. */
function toSelection(type: SensorType, query: Record<string, unknown>): unknown {
  const rest: Record<string, unknown> = { ...query };
  const ranges = toRangedNames(type).flatMap((name) => {
    const [min, max] = [rest[`${name}_min`], rest[`${name}_max`]] as (number | undefined)[]; // as the shape says
    delete rest[`${name}_min`];
    delete rest[`${name}_max`];
    return min === undefined && max === undefined ? [] : [{ name, min, max }];
  });
  return { ...rest, ranges };
}

/** The parameter `format` of `GET /readings`, which takes precedence over the `Accept` header. */
export const readingsFormatSchema = z.enum(['json', 'csv']);

/** The parameters of a CSV export besides the selection. */
export const exportOptionsSchema = z.object({
  /** Begins with a byte order mark, without which Excel takes UTF-8 for the encoding of its locale. */
  excel: flagFromQuery,
});

/** The query of `GET /readings` for a CSV export, without `format` and `excel`. */
export function createExportQuerySchema(type: SensorType): z.ZodType<ReadingsSelection> {
  return z
    .strictObject(createSelectionShape(type))
    .refine(isOrdered, mustBeOrdered)
    .transform((query) => toSelection(type, query) as ReadingsSelection); // the shape is made at run time
}

/** A page of a selection. */
export interface ReadingsQuery extends ReadingsSelection {
  limit: number;
  cursor?: string | undefined;
}

/** The query of `GET /readings` for JSON, without `format`. */
export function createReadingsQuerySchema(type: SensorType): z.ZodType<ReadingsQuery> {
  return z
    .strictObject({
      ...createSelectionShape(type),
      limit: numberFromQuery.pipe(z.int().min(1).max(maxPageSize)).default(50),
      cursor: z.string().max(512).optional(),
    })
    .refine(isOrdered, mustBeOrdered)
    .transform((query) => toSelection(type, query) as ReadingsQuery); // the shape is made at run time
}

/** A keyset page. `total` is the number of matching readings; counting stops at `total_limit`. */
export const readingsPageSchema = z.object({
  readings: z.array(storedReadingSchema),
  next_cursor: z.string().nullable(),
  total: z.int().nonnegative(),
  total_limit: z.int().nonnegative(),
});
export type ReadingsPage = z.infer<typeof readingsPageSchema>;
