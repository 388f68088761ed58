import type { Silence } from '@sensor-sentinel/contracts';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import type { Api } from '../../api/client.ts';
import { idleIntervalMs } from '../../api/refresh-policy.ts';

const queryKey = ['silences'];

function toSilencesQuery(api: Api) {
  return queryOptions({ queryKey, queryFn: ({ signal }) => api.getSilences(signal) });
}

/** All silences, refreshed now and then. Once per page: its parts use `useKnownSilences`. */
export function useSilences() {
  return useQuery({ ...toSilencesQuery(useApi()), refetchInterval: idleIntervalMs });
}

/** The silences that have not ended, as they were last loaded. */
export function useKnownSilences(): readonly Silence[] {
  const api = useApi();
  const { data } = useQuery({ ...toSilencesQuery(api), staleTime: Number.POSITIVE_INFINITY });
  const now = new Date(api.now()).toISOString();
  return data?.silences.filter(({ ends_at }) => ends_at > now) ?? [];
}

type NewSilence = Parameters<Api['addSilence']>[0];

export function useAddSilence() {
  const { addSilence } = useApi();
  return useSilenceMutation((silence: NewSilence) => addSilence(silence));
}

/** Ends the silence with this id now. */
export function useEndSilence() {
  const { endSilence } = useApi();
  return useSilenceMutation((id: string) => endSilence(id));
}

function useSilenceMutation<Given, Answer>(mutationFn: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn,
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}
