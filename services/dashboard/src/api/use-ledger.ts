import type { Ledger } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import type { Api } from './client.ts';

/** Beyond so many sensors, the first ones by name. */
const maxPages = 10;
const ledgerRefreshIntervalMs = 5000;

/** Page after page; the totals are those of the last answer, which counts every sensor. */
async function getWholeLedger(api: Api, signal: AbortSignal): Promise<Ledger> {
  let ledger = await api.getLedger({}, signal);
  for (let page = 1; page < maxPages && ledger.next_after !== null; page++) {
    const next = await api.getLedger({ after: ledger.next_after }, signal);
    ledger = { ...next, sensors: [...ledger.sensors, ...next.sensors] };
  }
  return ledger;
}

export function useLedger() {
  const api = useApi();
  return useQuery({
    queryKey: ['ledger'],
    queryFn: ({ signal }) => getWholeLedger(api, signal),
    refetchInterval: ledgerRefreshIntervalMs,
  });
}
