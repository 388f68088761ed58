import { z } from 'zod';
import { durationSchema } from './durations.ts';
import { contributionSchema, explanationSchema } from './explanation.ts';
import { createTitleSchema, nameSchema } from './names.ts';
import { storedReadingSchema } from './readings.ts';
import { severitySchema } from './rules.ts';
import {
  idSchema,
  labelSchema,
  numberFromQuery,
  scoreSchema,
  sensorIdSchema,
  utcTimestampSchema,
} from './scalars.ts';
import { typeNameSchema } from './sensor-types.ts';
import { isOrdered, mustBeOrdered, timeWindowShape } from './time-window.ts';

export const maxIncidents = 200;

/** `firing` also while a rule keeps firing after its condition has cleared. */
export const incidentStateSchema = z.enum(['firing', 'cleared']);

const commentSchema = z.object({ at: utcTimestampSchema, by: z.string(), text: z.string() });

/** A stretch of time in which a rule fires for a sensor. */
export const incidentSchema = z.object({
  id: idSchema,
  rule: z.string(),
  type: typeNameSchema,
  sensor_id: sensorIdSchema,
  state: incidentStateSchema,
  severity: severitySchema,
  labels: z.record(z.string(), z.string()),
  summary: z.string(),
  description: z.string(),
  /** When the condition began to hold, by the clock of the evaluation. */
  started_at: utcTimestampSchema,
  /** When the rule fired, because the condition had held for its `for`. */
  opened_at: utcTimestampSchema,
  /** The last reading in it, or the last moment at which the condition held. */
  last_seen_at: utcTimestampSchema,
  cleared_at: utcTimestampSchema.nullable(),
  /** The number of readings and anomalies from `started_at` on. */
  readings: z.int().nonnegative(),
  anomalies: z.int().nonnegative(),
  /** The highest score in it, and the reading that has it. */
  peak_score: scoreSchema.nullable(),
  peak_reading_id: idSchema.nullable(),
  /** What raised that score most. Null until it is stored, seconds later, and if the model could not explain the score. */
  cause: contributionSchema.nullable(),
  acknowledged: z.object({ at: utcTimestampSchema, by: z.string(), comment: z.string() }).nullable(),
  /** Ended by a person before the condition cleared. */
  resolved: z.object({ at: utcTimestampSchema, by: z.string() }).nullable(),
  comments: z.array(commentSchema),
  /** What a person says it was: 1 a real anomaly, 0 a false alarm. */
  feedback: labelSchema.nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** The reading with the highest score of an incident. It is kept after retention has removed the reading. */
export const incidentPeakSchema = z.object({
  reading: storedReadingSchema,
  /** By the model that scored the reading; null if it was not loaded or could not explain the score. */
  explanation: explanationSchema.nullable(),
});
export type IncidentPeak = z.infer<typeof incidentPeakSchema>;

/** The response of `GET /incidents/{id}`. `peak` is null until it is stored, seconds after the incident has ended. */
export const incidentDetailsSchema = incidentSchema.extend({ peak: incidentPeakSchema.nullable() });
export type IncidentDetails = z.infer<typeof incidentDetailsSchema>;

/** `length`: from `started_at` to the end, or until now. `peak`: by the highest score. */
export const incidentSorts = ['opened', 'length', 'readings', 'peak'] as const;
export type IncidentSort = (typeof incidentSorts)[number];

/** The query of `GET /incidents`. */
export const incidentsQuerySchema = z
  .strictObject({
    ...timeWindowShape,
    state: incidentStateSchema.optional(),
    rule: z.string().max(64).optional(),
    /** Leaves out shorter incidents, except those that fire or that a person has acknowledged, resolved or labeled. */
    min_length: durationSchema.optional(),
    sort: z.enum(incidentSorts).default('opened'),
    order: z.enum(['asc', 'desc']).default('desc'),
    limit: numberFromQuery.pipe(z.int().min(1).max(maxIncidents)).default(50),
    cursor: z.string().max(512).optional(),
  })
  .refine(isOrdered, mustBeOrdered);
export type IncidentsQuery = z.infer<typeof incidentsQuerySchema>;

/** A keyset page: firing first, then by `sort`; what is equal is by `opened_at`. */
export const incidentsPageSchema = z.object({
  incidents: z.array(incidentSchema),
  /** Of all incidents that the query matches. */
  counts: z.object({
    firing: z.int().nonnegative(),
    unacknowledged: z.int().nonnegative(),
    /** The number of those that `min_length` leaves out. */
    short: z.int().nonnegative(),
  }),
  next_cursor: z.string().nullable(),
});
export type IncidentsPage = z.infer<typeof incidentsPageSchema>;

/** A person's name. Nobody checks it: the API has no accounts. */
export const personSchema = nameSchema.default('anonymous');
export const remarkSchema = createTitleSchema({ min: 1, max: 2000 });

/** The body of `POST /incidents/{id}/ack`. */
export const incidentAckSchema = z.strictObject({
  by: personSchema,
  comment: createTitleSchema({ min: 0, max: 2000 }).default(''),
});
export type IncidentAck = z.infer<typeof incidentAckSchema>;

/** The body of `POST /incidents/{id}/resolve`. */
export const incidentResolutionSchema = z.strictObject({ by: personSchema });

/** The body of `POST /incidents/{id}/comment`. */
export const incidentCommentSchema = z.strictObject({ by: personSchema, text: remarkSchema });
export type IncidentComment = z.infer<typeof incidentCommentSchema>;

/** The body of `POST /incidents/{id}/feedback`: the label of all anomalies of the incident. */
export const incidentFeedbackSchema = z.strictObject({ label: labelSchema });

/** The largest number of readings that feedback on an incident labels. */
export const maxIncidentFeedback = 10_000;

/** The response of `POST /incidents/{id}/feedback`. */
export const incidentFeedbackAnswerSchema = z.object({
  incident: incidentSchema,
  /** The number of readings that have the label now. */
  labeled: z.int().nonnegative(),
});
export type IncidentFeedbackAnswer = z.infer<typeof incidentFeedbackAnswerSchema>;
