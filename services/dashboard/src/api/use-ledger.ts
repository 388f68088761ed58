import type { Ledger } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import type { Api } from './client.ts';

/** With more pages of sensors than this, only the first ones by name are fetched. */
const maxPages = 10;
const ledgerRefreshIntervalMs = 5000;

/** Fetches page by page. The totals of the last page are used; they include all sensors. */
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
