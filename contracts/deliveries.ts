import { z } from 'zod';
import { idSchema, numberFromQuery, utcTimestampSchema } from './scalars.ts';

export const maxDeliveries = 200;

export const deliveryStateSchema = z.enum(['waiting', 'delivered', 'failed']);

/** A message to a receiver, and what became of it. */
export const deliverySchema = z.object({
  id: idSchema,
  receiver: z.string(),
  rule: z.string(),
  /** A repeat is about all firing incidents of the rule. */
  kind: z.enum(['change', 'repeat']),
  state: deliveryStateSchema,
  /** What the message was at the last attempt; null before the first one. */
  status: z.enum(['firing', 'resolved']).nullable(),
  /** The number of incidents in it at the last attempt. */
  incidents: z.int().nonnegative(),
  created_at: utcTimestampSchema,
  /** When it was delivered or failed; null while it waits. */
  ended_at: utcTimestampSchema.nullable(),
  attempts: z.int().nonnegative(),
  last_error: z.string().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** The query of `GET /deliveries`. */
export const deliveriesQuerySchema = z.strictObject({
  receiver: z.string().max(64).optional(),
  state: deliveryStateSchema.optional(),
  limit: numberFromQuery.pipe(z.int().min(1).max(maxDeliveries)).default(50),
  cursor: z.string().max(512).optional(),
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuerySchema>;

/** A keyset page, the newest first. */
export const deliveriesPageSchema = z.object({
  deliveries: z.array(deliverySchema),
  next_cursor: z.string().nullable(),
});
export type DeliveriesPage = z.infer<typeof deliveriesPageSchema>;
