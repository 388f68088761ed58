import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { z } from 'zod';
import { ApiError, toApiError } from './api-error.ts';

export type QueryParameters = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Repeats the parameter for each entry of a list: `sensor_id=a&sensor_id=b`. */
export const paramsSerializer = { indexes: null };

/** Scoring or labeling many stored readings takes longer than a query. The same as proxy_read_timeout in nginx.conf. */
export const slowTimeoutMs = 30_000;

export type Requests = ReturnType<typeof createRequests>;

/** Requests whose answers are checked by their schemas. @throws ApiError */
export function createRequests(http: AxiosInstance) {
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

  async function remove(url: string): Promise<void> {
    await request({ method: 'delete', url }, z.unknown());
  }

  return { request, getter, remove };
}

export function toPath(route: string, name: string): string {
  return `/${route}/${encodeURIComponent(name)}`;
}
