import { type AxiosInstance, isAxiosError } from 'axios';
import { toApiError } from './api-error.ts';
import { paramsSerializer, type QueryParameters } from './query-parameters.ts';

export interface ExportRequest {
  /** The query parameters of `GET /readings`, without `limit` and `cursor`. */
  params: QueryParameters;
  signal: AbortSignal;
  /** Called with the number of bytes received so far. */
  onProgress: (loaded: number) => void;
}

/** Most people open an export in a spreadsheet; other programs skip its byte order mark. */
const forExcel = { excel: 'true' };

/** Errors arrive as JSON although the response type is a blob. */
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

/** The URL of the same export, for links. */
export function toExportUrl(http: AxiosInstance, params: QueryParameters): string {
  return http.getUri({
    url: '/readings',
    params: { ...params, format: 'csv', ...forExcel },
    paramsSerializer,
  });
}

/** Has no timeout. An interrupted download is an error, never a shorter table. */
export async function exportReadings(http: AxiosInstance, request: ExportRequest): Promise<Blob> {
  const { params, signal, onProgress } = request;
  try {
    const response = await http.request<Blob>({
      url: '/readings',
      params: { ...params, ...forExcel },
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
