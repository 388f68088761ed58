import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import type { Api } from '../../api/client.ts';
import { refreshIntervalMs } from '../../api/refresh-policy.ts';

const allKey = ['receivers'];
/** Messages per page of the log. */
const pageDeliveries = 50;

/** All receivers, each with its newest message. */
export function useReceivers() {
  const api = useApi();
  return useQuery({
    queryKey: [...allKey, 'list'],
    queryFn: ({ signal }) => api.getReceivers(signal),
    select: ({ receivers }) => receivers,
    refetchInterval: refreshIntervalMs,
  });
}

export interface DeliveryFilter {
  receiver: string | undefined;
  state: string | undefined;
}

/** The messages that match the filter, the newest first. Pages are fetched on demand; loaded pages are refreshed. */
export function useDeliveries(filter: DeliveryFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: [...allKey, 'deliveries', filter],
    queryFn: ({ pageParam, signal }) =>
      api.getDeliveries({ ...filter, limit: pageDeliveries, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null, // its type is inferred from this value alone
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }) => pages.flatMap(({ deliveries }) => deliveries),
    placeholderData: keepPreviousData,
    refetchInterval: refreshIntervalMs,
  });
}

export function useStoreReceiver() {
  return useChange((api, receiver: Parameters<Api['storeReceiver']>[0]) => api.storeReceiver(receiver));
}

export function useDeleteReceiver() {
  return useChange((api, name: string) => api.deleteReceiver(name));
}

/** Sends a test message; the API answers after 10 s at the latest. */
export function useReceiverTest() {
  return useChange((api, name: string) => api.testReceiver(name));
}

function useChange<Given, Answer>(change: (api: Api, given: Given) => Promise<Answer>) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (given: Given) => change(api, given),
    // Both are refreshed, so that they tell the same.
    onSettled: () => queries.invalidateQueries({ queryKey: allKey }),
  });
}
