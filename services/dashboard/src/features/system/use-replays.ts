import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';

/** All replays, refreshed while the page is visible. */
export function useReplays() {
  const api = useApi();
  return useQuery({
    queryKey: ['replays'],
    queryFn: ({ signal }) => api.getReplays(signal),
    refetchInterval: refreshIntervalMs,
  });
}

export function useForgetReplay() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (name: string) => api.forgetReplay(name),
    onSettled: () => queries.invalidateQueries({ queryKey: ['replays'] }),
  });
}
