import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import { fixedAnswer } from './fixed-answer.ts';

/** Why a reading was scored as it was: neither it nor the model that scored it changes. */
export function useExplanation(readingId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['explanation', readingId],
    queryFn: ({ signal }) => api.getExplanation(readingId, signal),
    ...fixedAnswer,
  });
}
