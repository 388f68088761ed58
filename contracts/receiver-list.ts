import { z } from 'zod';
import { deliverySchema } from './deliveries.ts';
import { channelKinds, deliveryShape } from './receivers.ts';

/** `file`: from RULES_FILE, read-only over HTTP; `person`: made over HTTP. */
export const receiverOriginSchema = z.enum(['file', 'person']);

/** A receiver without its secrets. */
export const listedReceiverSchema = z.object({
  ...deliveryShape,
  kind: z.enum(channelKinds),
  /** The scheme and the host of its URL, or its e-mail addresses. */
  target: z.string(),
  origin: receiverOriginSchema,
});
export type ListedReceiver = z.infer<typeof listedReceiverSchema>;

/** The response of `GET /receivers`: those of the file first, each with its newest message. */
export const receiversAnswerSchema = z.object({
  receivers: z.array(listedReceiverSchema.extend({ latest: deliverySchema.nullable() })),
});
export type ReceiversAnswer = z.infer<typeof receiversAnswerSchema>;

/** The response of `POST /receivers/{name}/test`. */
export const receiverTestSchema = z.object({
  delivered: z.boolean(),
  /** What happened, for a person. */
  text: z.string(),
});
export type ReceiverTest = z.infer<typeof receiverTestSchema>;
