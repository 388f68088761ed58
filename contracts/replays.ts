import { z } from 'zod';
import { utcTimestampSchema } from './scalars.ts';

const count = z.int().nonnegative();

/** Visible ASCII without what a path needs escaped. */
export const replayNameSchema = z
  .string()
  .regex(/^[\w.@~-]{1,64}$/, 'expected 1 to 64 of the characters A–Z a–z 0–9 . _ - ~ @');

export const senderNameSchema = z
  .string()
  .regex(/^[\w.@:~-]{1,64}$/, 'expected 1 to 64 of the characters A–Z a–z 0–9 . _ - ~ @ :');

export const maxLeaseRows = 10_000;

/** What makes sure that all senders of a replay read the same file. */
const fileSchema = z.strictObject({
  name: z.string().min(1).max(255),
  /** SHA-256, hexadecimal, of its size and its first 64 KiB; null where it cannot be read twice. */
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

/** The body of `POST /replays/{name}/lease`. The first one makes the replay. */
export const leaseRequestSchema = z.strictObject({
  sender: senderNameSchema,
  file: fileSchema,
  /** How many times the whole file is sent; 0: for ever. What the first sender says holds for all. */
  loops: count.max(1_000_000_000),
  /** How many rows at most; a chunk that somebody left is given whole. */
  rows: z.int().min(1).max(maxLeaseRows),
});
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

/** Rows are counted from 0, the header not among them; so are loops. */
export const leaseSchema = z.object({
  id: z.uuid(),
  loop: count,
  first_row: count,
  rows: z.int().positive(),
  /** Of these, counted from `first_row`, so many were done by who had the chunk before. */
  done_rows: count,
  /** From now; each ack begins it anew. */
  expires_in_ms: z.int().positive(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** `waiting`: others have all that is left. `lease` is null unless `leased`. */
export const leaseAnswerSchema = z.object({
  /** The namespace of the readings' ids. */
  replay_id: z.uuid(),
  started_at: utcTimestampSchema,
  loops: count,
  /** Senders that were heard of within the last lease's time, the one that asks among them. */
  active_senders: z.int().positive(),
  state: z.enum(['leased', 'waiting', 'finished']),
  lease: leaseSchema.nullable(),
  retry_after_ms: count,
});
export type LeaseAnswer = z.infer<typeof leaseAnswerSchema>;

/** What became of rows: each is in exactly one of the first four. */
const outcomesShape = {
  /** Answered 200, `replayed` among them. */
  stored: count,
  rejected: count,
  /** Not a reading: refused before it was sent. */
  bad: count,
  /** Left out: by the schedule or by a fault that was asked for. */
  dropped: count,
  /** Answered 200, and stored before. */
  replayed: count,
};
export const replayOutcomesSchema = z.object(outcomesShape);
export type ReplayOutcomes = z.infer<typeof replayOutcomesSchema>;

/** How the sender fares at the moment; rates in rows per second, over the last seconds. */
export const senderLoadSchema = z.object({
  offered_per_second: z.number().nonnegative(),
  accepted_per_second: z.number().nonnegative(),
  /** Answers 429 and 503, since the sender began. */
  shed: count,
  p50_ms: z.number().nonnegative().nullable(),
  p99_ms: z.number().nonnegative().nullable(),
});
export type SenderLoad = z.infer<typeof senderLoadSchema>;

/**
 * The body of `POST /replays/{name}/ack`, which says what is done and keeps the lease. All counts are of this
 * lease, from its beginning: an ack may be repeated.
 */
export const ackRequestSchema = z.strictObject({
  sender: senderNameSchema,
  lease_id: z.uuid(),
  /** From `first_row`, without a gap; those that were done before the lease among them. */
  done_rows: count.max(maxLeaseRows),
  /** Of the rows that this lease has done. */
  outcomes: z.strictObject(outcomesShape),
  /** The sender goes: what is not done may be leased at once. */
  is_released: z.boolean().default(false),
  /** Of the whole file, once its end was seen. */
  total_rows: count.optional(),
  load: senderLoadSchema.optional(),
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
  /** `gone`: not heard of for longer than a lease lasts. */
  state: z.enum(['active', 'gone']),
  rows: count,
  ...outcomesShape,
  load: senderLoadSchema.nullable(),
  first_seen: utcTimestampSchema,
  last_seen: utcTimestampSchema,
});

export const replaySchema = z.object({
  name: replayNameSchema,
  replay_id: z.uuid(),
  file_name: z.string(),
  /** `idle`: not finished, and nobody sends. */
  state: z.enum(['running', 'idle', 'finished']),
  loops: count,
  /** The newest loop that was begun. */
  loop: count,
  /** Rows of the file; null until its end was seen. */
  total_rows: count.nullable(),
  /** Over all loops: the sum of stored, rejected, bad and dropped. */
  done_rows: count,
  ...outcomesShape,
  /** Leases that ran out and were given to another sender. */
  taken_over: count,
  started_at: utcTimestampSchema,
  finished_at: utcTimestampSchema.nullable(),
  senders: z.array(replaySenderSchema),
});
export type Replay = z.infer<typeof replaySchema>;

/** The answer to `GET /replays`, the newest first. */
export const replaysSchema = z.object({ as_of: utcTimestampSchema, replays: z.array(replaySchema) });
export type Replays = z.infer<typeof replaysSchema>;
