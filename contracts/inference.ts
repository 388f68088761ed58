import { z } from 'zod';

// The Open Inference Protocol, version 2 (REST): github.com/kserve/open-inference-protocol.

export const maxInferenceRows = 10_000;

const parametersSchema = z.record(z.string(), z.unknown()).nullish();

/** `data` is a flat array in row-major order, or nested according to `shape`; a tensor with binary data has none. */
const requestTensorSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()).min(1).max(2),
  datatype: z.string(),
  parameters: parametersSchema,
  data: z.array(z.unknown()).optional(),
});
export type RequestTensor = z.infer<typeof requestTensorSchema>;

/** The body of `POST /v2/models/{name}/infer`. Unknown keys are ignored, because the protocol has extensions. */
export const inferenceRequestSchema = z.object({
  /** Answered as text. */
  id: z.union([z.string(), z.int()]).transform(String).nullish(),
  parameters: parametersSchema,
  inputs: z.array(requestTensorSchema).min(1).max(64),
  outputs: z
    .array(z.object({ name: z.string(), parameters: parametersSchema }))
    .max(64)
    .nullish(),
});
export type InferenceRequest = z.infer<typeof inferenceRequestSchema>;

const answerTensorSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  datatype: z.string(),
  data: z.array(z.number()),
});

export const inferenceAnswerSchema = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(answerTensorSchema),
});
export type InferenceAnswer = z.infer<typeof inferenceAnswerSchema>;

/** The response of `GET /v2`. */
export const serverMetadataSchema = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});
export type ServerMetadata = z.infer<typeof serverMetadataSchema>;

/** A dimension of −1 has a variable size. */
const tensorMetadataSchema = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int().min(-1)),
});

/** The response of `GET /v2/models/{name}`. */
export const modelMetadataSchema = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadataSchema),
  outputs: z.array(tensorMetadataSchema),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

/** The response of `GET /v2/health/live` and `/v2/health/ready`. */
export const inferenceHealthSchema = z.object({ live: z.boolean(), ready: z.boolean().optional() });

/** The response of `GET /v2/models/{name}/ready`. */
export const modelReadySchema = z.object({ name: z.string(), ready: z.boolean() });

/** The body of every error response below `/v2`. */
export const inferenceErrorSchema = z.object({ error: z.string() });
