import { z } from 'zod';

/** The response of `GET /livez`, and of `GET /readyz` when the API is ready. */
export const healthSchema = z.object({ status: z.literal('ok') });
