import { skipToken, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { useReadingsParams } from './use-readings.ts';

/** The number of readings since a time that match the filters of the table; disabled when `from` is null. */
export function useNewerReadings(from: string | null) {
  const api = useApi();
  const params = useReadingsParams();
  return useQuery({
    queryKey: ['newer-readings', params, from],
    queryFn:
      from === null
        ? skipToken
        : async ({ signal }) => {
            const page = await api.getReadings({ ...params, from, limit: 1 }, signal);
            return { total: page.total, totalLimit: page.total_limit };
          },
    ...toRefreshPolicy(true),
    gcTime: 0,
  });
}
