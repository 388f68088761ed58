import {
  accuracySchema,
  activationSchema,
  alertsSchema,
  distributionSchema,
  type FeedbackInput,
  feedbackAnswerSchema,
  feedbackListSchema,
  fleetSchema,
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
import type { AxiosInstance } from 'axios';
import { z } from 'zod';
import { createAlertingApi } from './alerting.ts';
import { createRequests, paramsSerializer, type QueryParameters, slowTimeoutMs, toPath } from './requests.ts';

export type Api = ReturnType<typeof createApi>;

const asCsv = { format: 'csv', excel: 'true' };

type ServerClock = ReturnType<typeof createServerClock>;

export function createApi(http: AxiosInstance, server: ServerClock) {
  const requests = createRequests(http);
  const { request, getter, remove } = requests;
  return {
    now: server.now,
    ...createAlertingApi(requests),
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
    getFleet: getter('/fleet', fleetSchema),
    getReadings: getter('/readings', readingsPageSchema),
    /** Of all matching readings as CSV, with the byte order mark without which Excel misreads UTF-8. */
    toExportUrl: (params: QueryParameters) =>
      http.getUri({ url: '/readings', params: { ...params, ...asCsv }, paramsSerializer }),
    getAccuracy: getter('/accuracy', accuracySchema),
    getLedger: getter('/ledger', ledgerSchema),
    getSensors: getter('/sensors', sensorsPageSchema),
    getReplays: (signal: AbortSignal) => request({ url: '/replays', signal }, replaysSchema),
    getSystem: (signal: AbortSignal) => request({ url: '/system', signal }, systemSchema),
    forgetReplay: (name: string) => remove(toPath('replays', name)),
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
