import {
  type Alerts,
  alertsSchema,
  type Distribution,
  distributionSchema,
  type Model,
  modelSchema,
  type ReadingsPage,
  readingsPageSchema,
  type Series,
  type Stats,
  seriesSchema,
  statsSchema,
} from '@sensor-sentinel/contracts';
import type { AxiosInstance } from 'axios';
import type { z } from 'zod';
import type { ServerClock } from '../time/server-clock.ts';
import { ApiError, toApiError } from './api-error.ts';

export type QueryParameters = Record<string, string | number | undefined>;

export interface Api {
  now: () => number;
  getAlerts: (signal: AbortSignal) => Promise<Alerts>;
  getModel: (signal: AbortSignal) => Promise<Model>;
  getStats: Get<Stats>;
  getDistribution: Get<Distribution>;
  getSeries: Get<Series>;
  getReadings: Get<ReadingsPage>;
}

type Get<Answer> = (params: QueryParameters, signal: AbortSignal) => Promise<Answer>;

export function createApi(http: AxiosInstance, clock: ServerClock): Api {
  function getter<Answer>(path: string, schema: z.ZodType<Answer>): Get<Answer> {
    return async (params, signal) => {
      const response = await http.get<unknown>(path, { params, signal }).catch((cause: unknown) => {
        throw toApiError(cause);
      });
      const parsed = schema.safeParse(response.data);
      if (parsed.success) return parsed.data;
      throw new ApiError(`The answer of ${path} does not keep to the contract.`, {
        isAnswer: true,
        cause: parsed.error,
      });
    };
  }

  const getAlerts = getter('/alerts', alertsSchema);
  const getModel = getter('/model', modelSchema);
  return {
    now: clock.now,
    getAlerts: async (signal) => {
      const alerts = await getAlerts({}, signal);
      clock.observe(alerts.as_of);
      return alerts;
    },
    getModel: (signal) => getModel({}, signal),
    getStats: getter('/stats', statsSchema),
    getDistribution: getter('/distribution', distributionSchema),
    getSeries: getter('/series', seriesSchema),
    getReadings: getter('/readings', readingsPageSchema),
  };
}
