import {
  accuracySchema,
  activationSchema,
  alertsSchema,
  distributionSchema,
  type FeedbackInput,
  feedbackAnswerSchema,
  feedbackListSchema,
  incidentDetailsSchema,
  incidentsPageSchema,
  ledgerSchema,
  modelSchema,
  modelsSchema,
  readingExplanationSchema,
  readingsPageSchema,
  replaysSchema,
  sensorsPageSchema,
  seriesBySensorSchema,
  statsSchema,
  storedReadingSchema,
  systemSchema,
  typesSchema,
} from '@sensor-sentinel/contracts';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { z } from 'zod';
import { ApiError, toApiError } from './api-error.ts';

export type Api = ReturnType<typeof createApi>;

export type QueryParameters = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Repeats the parameter for each entry of a list: `sensor_id=a&sensor_id=b`. */
const paramsSerializer = { indexes: null };

/** What a person says about an incident. */
export type IncidentChange =
  | { action: 'ack'; comment: string }
  | { action: 'comment'; text: string }
  | { action: 'resolve' }
  | { action: 'feedback'; label: 0 | 1 };

/** Scoring or labeling many stored readings takes longer than a query. The same as proxy_read_timeout in nginx.conf. */
const slowTimeoutMs = 30_000;

const asCsv = { format: 'csv', excel: 'true' };

type ServerClock = ReturnType<typeof createServerClock>;

export function createApi(http: AxiosInstance, server: ServerClock) {
  async function request<Answer>(config: AxiosRequestConfig, schema: z.ZodType<Answer>) {
    const response = await http.request<unknown>({ ...config, paramsSerializer }).catch((cause: unknown) => {
      throw toApiError(cause);
    });
    const parsed = schema.safeParse(response.data);
    if (parsed.success) return parsed.data;
    throw new ApiError(`The response of ${config.url} does not match its schema.`, {
      isAnswer: true,
      cause: parsed.error,
    });
  }

  function getter<Answer>(url: string, schema: z.ZodType<Answer>) {
    return (params: QueryParameters, signal: AbortSignal) => request({ url, params, signal }, schema);
  }

  return {
    now: server.now,
    getTypes: (signal: AbortSignal) => request({ url: '/types', signal }, typesSchema),
    getAlerts: async (params: QueryParameters, signal: AbortSignal) => {
      const alerts = await request({ url: '/alerts', params, signal }, alertsSchema);
      server.observe(alerts.as_of);
      return alerts;
    },
    getModel: getter('/model', modelSchema),
    getModels: getter('/models', modelsSchema),
    getReading: (id: string, signal: AbortSignal) =>
      request({ url: `/readings/${id}`, signal }, storedReadingSchema),
    getExplanation: (readingId: string, signal: AbortSignal) =>
      request(
        { url: `/readings/${encodeURIComponent(readingId)}/explanation`, signal },
        readingExplanationSchema,
      ),
    activateModel: (name: string, params: QueryParameters) => {
      const url = `/models/${encodeURIComponent(name)}/activate`;
      return request({ method: 'post', url, params, timeout: slowTimeoutMs }, activationSchema);
    },
    getStats: getter('/stats', statsSchema),
    getDistribution: getter('/distribution', distributionSchema),
    getSeries: getter('/series', seriesBySensorSchema),
    getReadings: getter('/readings', readingsPageSchema),
    /** Of all matching readings as CSV, with the byte order mark without which Excel misreads UTF-8. */
    toExportUrl: (params: QueryParameters) =>
      http.getUri({ url: '/readings', params: { ...params, ...asCsv }, paramsSerializer }),
    getAccuracy: getter('/accuracy', accuracySchema),
    getLedger: getter('/ledger', ledgerSchema),
    getSensors: getter('/sensors', sensorsPageSchema),
    /** Firing first, then newest. */
    getIncidents: getter('/incidents', incidentsPageSchema),
    getIncident: (id: string, signal: AbortSignal) =>
      request({ url: `/incidents/${id}`, signal }, incidentDetailsSchema),
    changeIncident: async (id: string, { action, ...data }: IncidentChange) => {
      const url = `/incidents/${id}/${action}`;
      await request({ method: 'post', url, data, timeout: slowTimeoutMs }, z.unknown());
    },
    getReplays: (signal: AbortSignal) => request({ url: '/replays', signal }, replaysSchema),
    getSystem: (signal: AbortSignal) => request({ url: '/system', signal }, systemSchema),
    forgetReplay: async (name: string) => {
      await request({ method: 'delete', url: `/replays/${encodeURIComponent(name)}` }, z.unknown());
    },
    getFeedback: (readingIds: readonly string[], signal: AbortSignal) => {
      const search = new URLSearchParams(readingIds.map((id) => ['id', id]));
      return request({ url: `/feedback?${search}`, signal }, feedbackListSchema);
    },
    sendFeedback: (feedback: FeedbackInput) =>
      request({ method: 'post', url: '/feedback', data: feedback }, feedbackAnswerSchema),
    removeFeedback: async (readingId: string) => {
      const url = `/feedback/${encodeURIComponent(readingId)}`;
      await request({ method: 'delete', url, params: { source: 'person' } }, z.unknown());
    },
  };
}

/** An estimate of the API's clock, so that live windows end at its "now" even if the clock of the browser is wrong. */
export function createServerClock(viewerNow: () => number) {
  let offsetMs = 0;
  return {
    now: () => viewerNow() + offsetMs,
    observe: (serverTime: string) => {
      offsetMs = Date.parse(serverTime) - viewerNow();
    },
  };
}
