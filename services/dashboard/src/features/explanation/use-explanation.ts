import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/fixed-answer.ts';

/** Explains the score of a reading, if it has one. The result never changes. */
export function useExplanation(readingId: string, { isEnabled }: { isEnabled: boolean }) {
  const api = useApi();
  return useQuery({
    queryKey: ['explanation', readingId],
    queryFn: ({ signal }) => api.getExplanation(readingId, signal),
    enabled: isEnabled,
    ...fixedAnswer,
  });
}
