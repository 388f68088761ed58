import { z } from 'zod';
import { modelNameSchema } from './scalars.ts';

/** The answer to `GET /model`: the artifact in use. */
export const modelSchema = z.object({
  name: modelNameSchema,
  family: z.string(),
  features: z.array(z.object({ name: z.string(), unit: z.string() })),
  scaler: z.looseObject({ kind: z.string() }),
  threshold: z.number(),
  training: z.looseObject({
    rows: z.int(),
    test: z.object({
      rows: z.int(),
      accuracy: z.number(),
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
      roc_auc: z.number(),
    }),
  }),
  certificate: z.object({
    sha256: z.string(),
    data_sha256: z.string(),
    reference_vectors: z.int(),
    max_difference: z.number(),
  }),
});
export type Model = z.infer<typeof modelSchema>;
