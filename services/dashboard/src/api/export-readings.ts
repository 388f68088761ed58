import { type AxiosInstance, isAxiosError } from 'axios';
import { toApiError } from './api-error.ts';
import { paramsSerializer, type QueryParameters } from './query-parameters.ts';

export interface ExportRequest {
  /** As `GET /readings` takes them, without `limit` and `cursor`. */
  params: QueryParameters;
  signal: AbortSignal;
  /** Bytes so far. */
  onProgress: (loaded: number) => void;
}

/** What went wrong is told as JSON, where a table was asked for. */
async function readProblem(cause: unknown): Promise<unknown> {
  if (!isAxiosError(cause) || !(cause.response?.data instanceof Blob)) return cause;
  const text = await cause.response.data.text();
  try {
    cause.response.data = JSON.parse(text);
  } catch {
    cause.response.data = text;
  }
  return cause;
}

/** Where the very export is to be had that `exportReadings` gets, by whoever has the link. */
export function toExportUrl(http: AxiosInstance, params: QueryParameters): string {
  return http.getUri({ url: '/readings', params: { ...params, format: 'csv' }, paramsSerializer });
}

/** As long as it takes; an answer that breaks off is an error, never a shorter table. */
export async function exportReadings(http: AxiosInstance, request: ExportRequest): Promise<Blob> {
  const { params, signal, onProgress } = request;
  try {
    const response = await http.request<Blob>({
      url: '/readings',
      params,
      paramsSerializer,
      signal,
      headers: { accept: 'text/csv' },
      responseType: 'blob',
      timeout: 0,
      onDownloadProgress: ({ loaded }) => onProgress(loaded),
    });
    return response.data;
  } catch (cause) {
    throw toApiError(await readProblem(cause));
  }
}
