import { z } from 'zod';
import { latencyHistogramSchema } from './latency-histogram.ts';
import { createTitleSchema } from './names.ts';
import { utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema, typeNameSchema } from './sensor-types.ts';

const count = z.int().nonnegative();

/** The name of a replay. It needs no escaping in a path. */
export const replayNameSchema = z
  .string()
  .regex(/^[\w.@~-]{1,64}$/, 'expected 1 to 64 of the characters A–Z a–z 0–9 . _ - ~ @');

export const senderNameSchema = z
  .string()
  .regex(/^[\w.@:~-]{1,64}$/, 'expected 1 to 64 of the characters A–Z a–z 0–9 . _ - ~ @ :');

export const maxLeaseRows = 10_000;

/** Identifies the file, so that all senders of a replay read the same one. */
const fileSchema = z.strictObject({
  name: createTitleSchema({ min: 1, max: 255 }),
  /** Hexadecimal SHA-256 of the file's size and first 64 KiB; null if the file cannot be read twice. */
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

/**
 * The version of the UUIDs of a replay's readings: 8, which are in order of time, or 5 in replays that a sender older than
 * version 0.3 started. docs/sender.md describes both.
 */
const idSchemeSchema = z.union([z.literal(5), z.literal(8)]);
export type IdScheme = z.infer<typeof idSchemeSchema>;

/** The body of `POST /replays/{name}/lease`. The first lease creates the replay. */
export const leaseRequestSchema = z.strictObject({
  sender: senderNameSchema,
  file: fileSchema,
  /** The type of the file's readings. All senders must use the one of the first lease. Default: DEFAULT_TYPE. */
  type: typeNameSchema.optional(),
  /** How many times the whole file is sent; 0 means forever. All senders must use the value of the first lease. */
  loops: count.max(1_000_000_000),
  /** Largest number of rows to lease. A chunk that another sender has left is leased whole, even if it is larger. */
  rows: z.int().min(1).max(maxLeaseRows),
  /** The newest version of ids that the sender supports. The first lease sets it for the replay. */
  id_scheme: idSchemeSchema.default(5),
  /**
   * Shares the rows evenly: the first lease waits for other senders that are starting, and chunks are small enough that each sender
   * gets some. For a small file that is sent as fast as possible, which the first sender would otherwise send alone.
   */
  shares_evenly: z.boolean().optional(),
  /** Number of rows of the file, if the sender has counted them. */
  total_rows: z.int().positive().optional(),
});
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

/** Rows and loops are counted from 0; the header is not a row. */
export const leaseSchema = z.object({
  id: z.uuid(),
  loop: count,
  first_row: count,
  rows: z.int().positive(),
  /** Number of rows, from `first_row`, that the previous holder of the chunk has completed. */
  done_rows: count,
  /** Time until the lease expires. Each ack renews the lease. */
  expires_in_ms: z.int().positive(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** `waiting`: other senders hold all remaining rows, or more senders may join before the first lease. `lease` is null unless `state` is `leased`. */
export const leaseAnswerSchema = z.object({
  /** The ids of the replay's readings are derived from it. */
  replay_id: z.uuid(),
  /** The version of ids that all senders of the replay must use. */
  id_scheme: idSchemeSchema.default(5),
  started_at: utcTimestampSchema,
  loops: count,
  /** Number of senders with a request within one lease duration, including this one. */
  active_senders: z.int().positive(),
  state: z.enum(['leased', 'waiting', 'finished']),
  lease: leaseSchema.nullable(),
  retry_after_ms: count,
});
export type LeaseAnswer = z.infer<typeof leaseAnswerSchema>;

/** Outcomes of rows. Each row counts in exactly one of the first four. */
const outcomesShape = {
  /** Answered with 200, including duplicates. */
  stored: count,
  rejected: count,
  /** Not a valid reading, and therefore not sent. */
  bad: count,
  /** Skipped by the schedule or by a simulated fault. */
  dropped: count,
  /** Answered with 200, and stored by an earlier request. */
  duplicates: count,
};
const outcomesSchema = z.strictObject(outcomesShape);
export type ReplayOutcomes = z.infer<typeof outcomesSchema>;

/** The outcomes of a request. `replayed`, the name of `duplicates` before version 0.3, is accepted until 1.0. */
const givenOutcomesSchema = z.preprocess((given) => {
  if (typeof given !== 'object' || given === null || !('replayed' in given) || 'duplicates' in given)
    return given;
  const { replayed, ...outcomes } = given;
  return { ...outcomes, duplicates: replayed };
}, outcomesSchema);

/** The outcomes of a response. */
const countedOutcomesShape = {
  ...outcomesShape,
  /** The old name of `duplicates`; sent until 1.0. */
  replayed: count.optional(),
};

/** Current load of a sender. Rates are rows per second over the last seconds. */
export const senderLoadSchema = z.object({
  offered_per_second: z.number().nonnegative(),
  accepted_per_second: z.number().nonnegative(),
  /** Number of responses 429 and 503 since the sender started. */
  shed: count,
  p50_ms: z.number().nonnegative().nullable(),
  p99_ms: z.number().nonnegative().nullable(),
});
export type SenderLoad = z.infer<typeof senderLoadSchema>;

/** The load that an ack reports. */
export const reportedLoadSchema = senderLoadSchema.extend({
  /** The latencies of which `p50_ms` and `p99_ms` are percentiles. */
  latencies: latencyHistogramSchema.optional(),
});
export type ReportedLoad = z.infer<typeof reportedLoadSchema>;

/**
 * The body of `POST /replays/{name}/ack`, which reports progress and renews the lease. All counts are totals of this
 * lease, so an ack may be retried.
 */
export const ackRequestSchema = z.strictObject({
  sender: senderNameSchema,
  lease_id: z.uuid(),
  /** Number of completed rows from `first_row`, without a gap, including those completed before this lease. */
  done_rows: count.max(maxLeaseRows),
  /** Outcomes of the rows completed by this lease. */
  outcomes: givenOutcomesSchema,
  /** Ends the lease: the remaining rows can be leased immediately. */
  is_released: z.boolean().default(false),
  /** Number of rows of the file, once its end is known. */
  total_rows: count.optional(),
  load: reportedLoadSchema.optional(),
});
export type AckRequest = z.infer<typeof ackRequestSchema>;

export const ackAnswerSchema = z.object({
  expires_in_ms: z.int().positive(),
  active_senders: z.int().positive(),
});
export type AckAnswer = z.infer<typeof ackAnswerSchema>;

/** One sender of a replay. */
export const replaySenderSchema = z.object({
  sender: senderNameSchema,
  /** `gone`: no request for longer than one lease duration. */
  state: z.enum(['active', 'gone']),
  rows: count,
  /** The part of the replay's `done_rows`, 0 to 1; null if no row is done. Not sent by APIs older than version 0.3. */
  share: z.number().min(0).max(1).nullable().optional(),
  ...countedOutcomesShape,
  load: senderLoadSchema.nullable(),
  first_seen: utcTimestampSchema,
  last_seen: utcTimestampSchema,
});

/** Current load of all senders of a replay together. */
export const replayLoadSchema = z.object({
  /** The sums of the rates of the active senders. */
  offered_per_second: z.number().nonnegative(),
  accepted_per_second: z.number().nonnegative(),
  /**
   * Percentiles of the merged latencies of the active senders, or of all senders once none is active. Null if no sender has
   * reported latencies.
   */
  p50_ms: z.number().nonnegative().nullable(),
  p99_ms: z.number().nonnegative().nullable(),
});
export type ReplayLoad = z.infer<typeof replayLoadSchema>;

export const replaySchema = z.object({
  name: replayNameSchema,
  replay_id: z.uuid(),
  file_name: z.string(),
  type: answeredTypeSchema,
  /** `idle`: not finished, without an active sender. */
  state: z.enum(['running', 'idle', 'finished']),
  loops: count,
  /** The newest loop that was started. */
  loop: count,
  /** Number of rows of the file; null until its end is known. */
  total_rows: count.nullable(),
  /** The sum of `stored`, `rejected`, `bad` and `dropped`, over all loops. */
  done_rows: count,
  ...countedOutcomesShape,
  /** Number of expired leases that another sender took over. */
  taken_over: count,
  /** Not sent by APIs older than version 0.3. */
  load: replayLoadSchema.optional(),
  started_at: utcTimestampSchema,
  finished_at: utcTimestampSchema.nullable(),
  senders: z.array(replaySenderSchema),
});
export type Replay = z.infer<typeof replaySchema>;

/** The response of `GET /replays`, newest first. */
export const replaysSchema = z.object({ as_of: utcTimestampSchema, replays: z.array(replaySchema) });
export type Replays = z.infer<typeof replaysSchema>;
