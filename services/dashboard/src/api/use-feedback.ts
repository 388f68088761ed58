import type { Truth } from '@sensor-sentinel/contracts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './api-context.ts';

const truthsRefreshIntervalMs = 10_000;

export type KnownTruths = ReadonlyMap<string, Truth>;

function toMap({ truths }: { truths: readonly Truth[] }): KnownTruths {
  return new Map(truths.map((truth) => [truth.id, truth]));
}

/** What is known of up to 100 readings, by id. */
export function useTruths(readingIds: readonly string[]) {
  const api = useApi();
  return useQuery({
    queryKey: ['truths', readingIds],
    queryFn: ({ signal }) => api.getTruths(readingIds, signal),
    select: toMap,
    enabled: readingIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: truthsRefreshIntervalMs,
  });
}

/** Tells what a reading really was, as a person's verdict; the later one counts, and null takes it back. */
export function useVerdict(readingId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: async (label: 0 | 1 | null) => {
      if (label === null) await api.takeBackVerdict(readingId);
      else await api.tellTruth({ id: readingId, label, source: 'verdict' });
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['truths'] }),
        queries.invalidateQueries({ queryKey: ['accuracy'] }),
      ]),
  });
}
