import {
  type Accuracy,
  type Activation,
  type Alerts,
  accuracySchema,
  activationSchema,
  alertsSchema,
  type Distribution,
  distributionSchema,
  type FeedbackAnswer,
  type FeedbackInput,
  type FeedbackList,
  feedbackAnswerSchema,
  feedbackListSchema,
  type IncidentDetails,
  type IncidentsPage,
  incidentDetailsSchema,
  incidentsPageSchema,
  type Ledger,
  ledgerSchema,
  type Model,
  type Models,
  modelSchema,
  modelsSchema,
  type ReadingExplanation,
  type ReadingsPage,
  type Replays,
  readingExplanationSchema,
  readingsPageSchema,
  replaysSchema,
  type SensorsPage,
  type SeriesBySensor,
  type Stats,
  type StoredReading,
  type System,
  sensorsPageSchema,
  seriesBySensorSchema,
  statsSchema,
  storedReadingSchema,
  systemSchema,
  type Types,
  typesSchema,
} from '@sensor-sentinel/contracts';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { z } from 'zod';
import { ApiError, toApiError } from './api-error.ts';
import { paramsSerializer, type QueryParameters } from './query-parameters.ts';
import type { ServerClock } from './server-clock.ts';

export interface Api {
  now: () => number;
  getTypes: (signal: AbortSignal) => Promise<Types>;
  getAlerts: Get<Alerts>;
  getModel: Get<Model>;
  getModels: Get<Models>;
  getReading: (id: string, signal: AbortSignal) => Promise<StoredReading>;
  getExplanation: (readingId: string, signal: AbortSignal) => Promise<ReadingExplanation>;
  activateModel: (name: string, params: QueryParameters) => Promise<Activation>;
  getStats: Get<Stats>;
  getDistribution: Get<Distribution>;
  getSeries: Get<SeriesBySensor>;
  getReadings: Get<ReadingsPage>;
  /** Of all matching readings as CSV, with the byte order mark without which Excel misreads UTF-8. */
  toExportUrl: (params: QueryParameters) => string;
  getAccuracy: Get<Accuracy>;
  getLedger: Get<Ledger>;
  getSensors: Get<SensorsPage>;
  /** Firing first, then newest. */
  getIncidents: Get<IncidentsPage>;
  getIncident: (id: string, signal: AbortSignal) => Promise<IncidentDetails>;
  changeIncident: (id: string, change: IncidentChange) => Promise<void>;
  getReplays: (signal: AbortSignal) => Promise<Replays>;
  getSystem: (signal: AbortSignal) => Promise<System>;
  forgetReplay: (name: string) => Promise<void>;
  getFeedback: (readingIds: readonly string[], signal: AbortSignal) => Promise<FeedbackList>;
  sendFeedback: (feedback: FeedbackInput) => Promise<FeedbackAnswer>;
  removeFeedback: (readingId: string) => Promise<void>;
}

/** What a person says about an incident. */
export type IncidentChange =
  | { action: 'ack'; comment: string }
  | { action: 'comment'; text: string }
  | { action: 'resolve' }
  | { action: 'feedback'; label: 0 | 1 };

type Get<Answer> = (params: QueryParameters, signal: AbortSignal) => Promise<Answer>;

/** Scoring or labeling many stored readings takes longer than a query. The same as proxy_read_timeout in nginx.conf. */
const slowTimeoutMs = 30_000;

const asCsv = { format: 'csv', excel: 'true' };

export function createApi(http: AxiosInstance, server: ServerClock): Api {
  async function request<Answer>(config: AxiosRequestConfig, schema: z.ZodType<Answer>): Promise<Answer> {
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

  function getter<Answer>(url: string, schema: z.ZodType<Answer>): Get<Answer> {
    return (params, signal) => request({ url, params, signal }, schema);
  }

  return {
    now: server.now,
    getTypes: (signal) => request({ url: '/types', signal }, typesSchema),
    getAlerts: async (params, signal) => {
      const alerts = await request({ url: '/alerts', params, signal }, alertsSchema);
      server.observe(alerts.as_of);
      return alerts;
    },
    getModel: getter('/model', modelSchema),
    getModels: getter('/models', modelsSchema),
    getReading: (id, signal) => request({ url: `/readings/${id}`, signal }, storedReadingSchema),
    getExplanation: (readingId, signal) =>
      request(
        { url: `/readings/${encodeURIComponent(readingId)}/explanation`, signal },
        readingExplanationSchema,
      ),
    activateModel: (name, params) => {
      const url = `/models/${encodeURIComponent(name)}/activate`;
      return request({ method: 'post', url, params, timeout: slowTimeoutMs }, activationSchema);
    },
    getStats: getter('/stats', statsSchema),
    getDistribution: getter('/distribution', distributionSchema),
    getSeries: getter('/series', seriesBySensorSchema),
    getReadings: getter('/readings', readingsPageSchema),
    toExportUrl: (params) =>
      http.getUri({ url: '/readings', params: { ...params, ...asCsv }, paramsSerializer }),
    getAccuracy: getter('/accuracy', accuracySchema),
    getLedger: getter('/ledger', ledgerSchema),
    getSensors: getter('/sensors', sensorsPageSchema),
    getIncidents: getter('/incidents', incidentsPageSchema),
    getIncident: (id, signal) => request({ url: `/incidents/${id}`, signal }, incidentDetailsSchema),
    changeIncident: async (id, { action, ...data }) => {
      const url = `/incidents/${id}/${action}`;
      await request({ method: 'post', url, data, timeout: slowTimeoutMs }, z.unknown());
    },
    getReplays: (signal) => request({ url: '/replays', signal }, replaysSchema),
    getSystem: (signal) => request({ url: '/system', signal }, systemSchema),
    forgetReplay: async (name) => {
      await request({ method: 'delete', url: `/replays/${encodeURIComponent(name)}` }, z.unknown());
    },
    getFeedback: (readingIds, signal) => {
      const search = new URLSearchParams(readingIds.map((id) => ['id', id]));
      return request({ url: `/feedback?${search}`, signal }, feedbackListSchema);
    },
    sendFeedback: (feedback) =>
      request({ method: 'post', url: '/feedback', data: feedback }, feedbackAnswerSchema),
    removeFeedback: async (readingId) => {
      const url = `/feedback/${encodeURIComponent(readingId)}`;
      await request({ method: 'delete', url, params: { source: 'person' } }, z.unknown());
    },
  };
}
