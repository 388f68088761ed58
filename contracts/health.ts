import { z } from 'zod';

/** The answer to `GET /livez` and, once all is well, `GET /readyz`. */
export const healthSchema = z.object({ status: z.literal('ok') });
