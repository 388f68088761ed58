import { z } from 'zod';
import { ruleFaultSchema } from './rule-list.ts';
import { modelNameSchema, utcTimestampSchema } from './scalars.ts';
import { answeredTypeSchema } from './sensor-types.ts';

const count = z.int().nonnegative();

/** The response of `GET /system`: what runs, and how its database is. */
export const systemSchema = z.object({
  as_of: utcTimestampSchema,
  api: z.object({
    version: z.string(),
    /** The version of Node.js. */
    node: z.string(),
    started_at: utcTimestampSchema,
  }),
  database: z.object({
    /** Why readings cannot be stored or read; null if they can. */
    fault: z.string().nullable(),
    /** Null if the database does not answer. */
    server: z
      .object({
        version: z.string(),
        /** The newest migration that was applied. */
        schema: z.string(),
        /** Connections of all clients of the server, and the largest number that it allows. */
        connections: count,
        max_connections: count,
        /** Largest first. The number of rows is an estimate of the server. */
        tables: z.array(z.object({ name: z.string(), rows: count, bytes: count })),
      })
      .nullable(),
  }),
  /** The sensor types with their models in use. */
  models: z.array(z.object({ type: answeredTypeSchema, model: modelNameSchema.nullable() })),
  /** The file that RULES_FILE names, without its folder; null if it is not set. */
  rules_file: z
    .object({ name: z.string(), rules: count, receivers: count, faults: z.array(ruleFaultSchema) })
    .nullable(),
});
export type System = z.infer<typeof systemSchema>;
