import { z } from 'zod';
import { problemSchema } from './problem.ts';
import { ruleSchema } from './rules.ts';
import { scoreSchema, sensorIdSchema, timestampSchema, utcTimestampSchema } from './scalars.ts';
import { countedShape, isOrdered, mustBeOrdered, sensorIdsQuerySchema } from './time-window.ts';

/** Largest number of incidents in the answer of a preview. */
export const maxPreviewIncidents = 1000;

/** The body of `POST /rules/preview`. */
export const rulePreviewRequestSchema = z
  .strictObject({
    rule: ruleSchema,
    /** Default: a day before `to`. */
    from: timestampSchema.optional(),
    /** Default: now. */
    to: timestampSchema.optional(),
    /** Only these of the sensors to which the rule applies. */
    sensor_id: sensorIdsQuerySchema.optional(),
  })
  .refine(isOrdered, mustBeOrdered);
export type RulePreviewRequest = z.infer<typeof rulePreviewRequestSchema>;

const count = z.int().nonnegative();

const previewIncidentSchema = z.object({
  sensor_id: sensorIdSchema,
  /** As in an incident. */
  started_at: utcTimestampSchema,
  opened_at: utcTimestampSchema,
  /** Null if it is open at the end of the window. */
  cleared_at: utcTimestampSchema.nullable(),
  readings: count,
  anomalies: count,
  peak_score: scoreSchema.nullable(),
});
export type PreviewIncident = z.infer<typeof previewIncidentSchema>;

/** The response of `POST /rules/preview`: what the rule would have raised. */
export const rulePreviewSchema = z.object({
  rule: ruleSchema,
  from: utcTimestampSchema,
  to: utcTimestampSchema,
  ...countedShape,
  /** The number of readings that were evaluated. */
  readings: count,
  /** The newest first. */
  incidents: z.array(previewIncidentSchema).max(maxPreviewIncidents),
  /** Whether older incidents were left out of the list. They are counted all the same. */
  incidents_truncated: z.boolean(),
  /** `sensors`: those with an incident. */
  counts: z.object({ incidents: count, per_day: z.number().nonnegative(), sensors: count }),
  /** From the start to the end of an incident. An open one ends with the window. */
  median_length_s: z.number().nonnegative().nullable(),
  /** From the start of an incident until it opened, which is when people are notified. */
  median_delay_s: z.number().nonnegative().nullable(),
  /**
   * Null if no evaluated reading has feedback. `labeled`: the readings that have. `precision`: of the incidents with such a
   * reading, the share with a reading that is labeled 1. `recall`: of the readings that are labeled 1, the share in an incident. Each
   * is null if its divisor is 0. A reading is in an incident if its timestamp is from `started_at` on and before `cleared_at`.
   */
  feedback: z
    .object({ labeled: count, precision: scoreSchema.nullable(), recall: scoreSchema.nullable() })
    .nullable(),
  /** Why the rule cannot be evaluated over stored readings. */
  unsupported: z.string().optional(),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;

const previewProgressSchema = z.object({ progress: z.number().min(0).max(1), readings: count });
export type PreviewProgress = z.infer<typeof previewProgressSchema>;

/** A line of the response as NDJSON: progress, and at last the preview or the problem that ended it. */
export const rulePreviewLineSchema = z.union([
  previewProgressSchema,
  rulePreviewSchema,
  z.object({ problem: problemSchema }),
]);
export type RulePreviewLine = z.infer<typeof rulePreviewLineSchema>;
