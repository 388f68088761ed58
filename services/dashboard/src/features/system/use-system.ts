import type { Ledger } from '@sensor-sentinel/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import type { Api } from '../../api/client.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const systemRefreshIntervalMs = 5000;

/** Versions and the database. */
export function useSystem() {
  const api = useApi();
  return useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => api.getSystem(signal),
    refetchInterval: systemRefreshIntervalMs,
  });
}

/** With more pages of sensors than this, only the first ones by name are fetched. */
const maxPages = 10;

/** What became of the readings of each sensor of the shown type. */
export function useLedger() {
  const api = useApi();
  const { type } = useUrlState().state;
  return useQuery({
    queryKey: ['ledger', type],
    queryFn: ({ signal }) => getWholeLedger(api, { type, signal }),
    refetchInterval: systemRefreshIntervalMs,
  });
}

/** Fetches page by page. The totals of the last page are used; they include all sensors. */
async function getWholeLedger(
  api: Api,
  { type, signal }: { type: string | undefined; signal: AbortSignal },
): Promise<Ledger> {
  let ledger = await api.getLedger({ type }, signal);
  for (let page = 1; page < maxPages && ledger.next_after !== null; page++) {
    const next = await api.getLedger({ type, after: ledger.next_after }, signal);
    ledger = { ...next, sensors: [...ledger.sensors, ...next.sensors] };
  }
  return ledger;
}

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
