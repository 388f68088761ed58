import type { Feedback, FeedbackList } from '@sensor-sentinel/contracts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';

const feedbackRefreshIntervalMs = 10_000;

export type FeedbackById = ReadonlyMap<string, Feedback>;

function toFeedbackById({ feedback }: FeedbackList): FeedbackById {
  return new Map(feedback.map((given) => [given.id, given]));
}

/** The feedback on up to 100 readings, by id. */
export function useFeedback(readingIds: readonly string[]) {
  const api = useApi();
  return useQuery({
    queryKey: ['feedback', readingIds],
    queryFn: ({ signal }) => api.getFeedback(readingIds, signal),
    select: toFeedbackById,
    enabled: readingIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: feedbackRefreshIntervalMs,
  });
}

/** Sends the user's feedback on a reading. It replaces earlier feedback; null removes it. */
export function useSendFeedback(readingId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: async (label: 0 | 1 | null) => {
      if (label === null) await api.removeFeedback(readingId);
      else await api.sendFeedback({ id: readingId, label, source: 'person' });
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['feedback'] }),
        queries.invalidateQueries({ queryKey: ['accuracy'] }),
      ]),
  });
}
