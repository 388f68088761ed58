import {
  type Accuracy,
  type Activation,
  type Alerts,
  accuracySchema,
  activationSchema,
  alertsSchema,
  type Distribution,
  distributionSchema,
  type EpisodesPage,
  episodesPageSchema,
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
  type Series,
  type Stats,
  type StoredReading,
  sensorsPageSchema,
  seriesSchema,
  statsSchema,
  storedReadingSchema,
  type TruthAnswer,
  type TruthInput,
  type Truths,
  truthAnswerSchema,
  truthsSchema,
} from '@sensor-sentinel/contracts';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { z } from 'zod';
import type { ServerClock } from '../time/server-clock.ts';
import { ApiError, toApiError } from './api-error.ts';
import { type ExportRequest, exportReadings, toExportUrl } from './export-readings.ts';
import { paramsSerializer, type QueryParameters } from './query-parameters.ts';

export interface Api {
  now: () => number;
  /** When it last answered whatever was asked, by the viewer's clock; 0 before it ever has. */
  answeredAt: () => number;
  getAlerts: (signal: AbortSignal) => Promise<Alerts>;
  getModel: (signal: AbortSignal) => Promise<Model>;
  getModels: (signal: AbortSignal) => Promise<Models>;
  getReading: (id: string, signal: AbortSignal) => Promise<StoredReading>;
  getExplanation: (readingId: string, signal: AbortSignal) => Promise<ReadingExplanation>;
  activateModel: (name: string, params: QueryParameters) => Promise<Activation>;
  getStats: Get<Stats>;
  getDistribution: Get<Distribution>;
  getSeries: Get<Series>;
  getReadings: Get<ReadingsPage>;
  /** All that match, as CSV. */
  exportReadings: (request: ExportRequest) => Promise<Blob>;
  toExportUrl: (params: QueryParameters) => string;
  getAccuracy: Get<Accuracy>;
  getLedger: Get<Ledger>;
  getSensors: Get<SensorsPage>;
  getEpisodes: Get<EpisodesPage>;
  getReplays: (signal: AbortSignal) => Promise<Replays>;
  forgetReplay: (name: string) => Promise<void>;
  getTruths: (readingIds: readonly string[], signal: AbortSignal) => Promise<Truths>;
  tellTruth: (truth: TruthInput) => Promise<TruthAnswer>;
  takeBackVerdict: (readingId: string) => Promise<void>;
}

type Get<Answer> = (params: QueryParameters, signal: AbortSignal) => Promise<Answer>;

/** The replay of many readings takes longer than a question; nginx.conf waits as long. */
const activationTimeoutMs = 30_000;

interface ApiClocks {
  server: ServerClock;
  viewer: () => number;
}

export function createApi(http: AxiosInstance, { server, viewer }: ApiClocks): Api {
  let answeredAt = 0;

  async function ask<Answer>(request: AxiosRequestConfig, schema: z.ZodType<Answer>): Promise<Answer> {
    const response = await http.request<unknown>({ ...request, paramsSerializer }).catch((cause: unknown) => {
      throw toApiError(cause);
    });
    const parsed = schema.safeParse(response.data);
    if (parsed.success) {
      answeredAt = viewer();
      return parsed.data;
    }
    throw new ApiError(`The answer of ${request.url} does not keep to the contract.`, {
      isAnswer: true,
      cause: parsed.error,
    });
  }

  function getter<Answer>(url: string, schema: z.ZodType<Answer>): Get<Answer> {
    return (params, signal) => ask({ url, params, signal }, schema);
  }

  return {
    now: server.now,
    answeredAt: () => answeredAt,
    getAlerts: async (signal) => {
      const alerts = await ask({ url: '/alerts', signal }, alertsSchema);
      server.observe(alerts.as_of);
      return alerts;
    },
    getModel: (signal) => ask({ url: '/model', signal }, modelSchema),
    getModels: (signal) => ask({ url: '/models', signal }, modelsSchema),
    getReading: (id, signal) =>
      ask({ url: `/readings/${encodeURIComponent(id)}`, signal }, storedReadingSchema),
    getExplanation: (readingId, signal) =>
      ask(
        { url: `/readings/${encodeURIComponent(readingId)}/explanation`, signal },
        readingExplanationSchema,
      ),
    activateModel: (name, params) => {
      const url = `/models/${encodeURIComponent(name)}/activate`;
      return ask({ method: 'post', url, params, timeout: activationTimeoutMs }, activationSchema);
    },
    getStats: getter('/stats', statsSchema),
    getDistribution: getter('/distribution', distributionSchema),
    getSeries: getter('/series', seriesSchema),
    getReadings: getter('/readings', readingsPageSchema),
    exportReadings: (request) => exportReadings(http, request),
    toExportUrl: (params) => toExportUrl(http, params),
    getAccuracy: getter('/accuracy', accuracySchema),
    getLedger: getter('/ledger', ledgerSchema),
    getSensors: getter('/sensors', sensorsPageSchema),
    getEpisodes: getter('/alerts/episodes', episodesPageSchema),
    getReplays: (signal) => ask({ url: '/replays', signal }, replaysSchema),
    forgetReplay: async (name) => {
      await ask({ method: 'delete', url: `/replays/${encodeURIComponent(name)}` }, z.unknown());
    },
    getTruths: (readingIds, signal) => {
      const search = new URLSearchParams(readingIds.map((id) => ['id', id]));
      return ask({ url: `/truth?${search}`, signal }, truthsSchema);
    },
    tellTruth: (truth) => ask({ method: 'post', url: '/truth', data: truth }, truthAnswerSchema),
    takeBackVerdict: async (readingId) => {
      const url = `/truth/${encodeURIComponent(readingId)}`;
      await ask({ method: 'delete', url, params: { source: 'verdict' } }, z.unknown());
    },
  };
}
