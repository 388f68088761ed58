import type { Ledger } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import type { Api } from '../../api/client.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

/** With more pages of sensors than this, only the first ones by name are fetched. */
const maxPages = 10;
const ledgerRefreshIntervalMs = 5000;

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

export function useLedger() {
  const api = useApi();
  const { type } = useUrlState().state;
  return useQuery({
    queryKey: ['ledger', type],
    queryFn: ({ signal }) => getWholeLedger(api, { type, signal }),
    refetchInterval: ledgerRefreshIntervalMs,
  });
}
