import { skipToken, useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import { refreshIntervalMs } from './refresh-policy.ts';
import { useReadingsQuestion } from './use-readings.ts';

/** How many readings from a time on match what the table shows, counted again and again; none without a time. */
export function useNewerReadings(from: string | null) {
  const api = useApi();
  const question = useReadingsQuestion();
  return useQuery({
    queryKey: ['newer-readings', question, from],
    queryFn:
      from === null
        ? skipToken
        : async ({ signal }) => {
            const page = await api.getReadings({ ...question, from, limit: 1 }, signal);
            return { total: page.total, totalLimit: page.total_limit };
          },
    refetchInterval: refreshIntervalMs,
    meta: { isLive: true },
    gcTime: 0,
  });
}
