import type { StoredReading } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/fixed-answer.ts';

/** One stored reading; fetched only if it is not already loaded. */
export function useReading(id: string, known: StoredReading | undefined): StoredReading | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['reading', id],
    queryFn: ({ signal }) => api.getReading(id, signal),
    enabled: known === undefined,
    ...fixedAnswer,
  });
  return known ?? data;
}
