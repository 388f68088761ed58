import type { Feedback, FeedbackList } from '@sensor-sentinel/contracts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';

const feedbackRefreshIntervalMs = 10_000;

export type FeedbackById = ReadonlyMap<string, Feedback>;

function toFeedbackById({ feedback }: FeedbackList): FeedbackById {
  return new Map(feedback.map((given) => [given.id, given]));
}

/**
 * The feedback on up to 100 readings, by id. Where readings come and go all the time, `listKey` names the list, so that not
 * each change of it causes a request.
 */
export function useFeedback(readingIds: readonly string[], listKey?: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['feedback', listKey ?? readingIds],
    queryFn: ({ signal }) => api.getFeedback(readingIds, signal),
    select: toFeedbackById,
    enabled: readingIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: feedbackRefreshIntervalMs,
  });
}

const feedbackBlock = 50;

/** The ids of the visible rows, at most 100, in whole blocks, so that scrolling by a row does not cause a request. */
export function toFeedbackIds(
  rowIds: readonly string[],
  range: { startIndex: number; endIndex: number } | null,
): string[] {
  if (range === null) return [];
  const first = Math.floor(range.startIndex / feedbackBlock) * feedbackBlock;
  const end = Math.ceil((range.endIndex + 1) / feedbackBlock) * feedbackBlock;
  return rowIds.slice(first, Math.min(end, first + 2 * feedbackBlock));
}

/** Sends the user's feedback on a reading, and shows it at once. It replaces earlier feedback; null removes it. */
export function useSendFeedback(readingId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: async (label: 0 | 1 | null) => {
      if (label === null) await api.removeFeedback(readingId);
      else await api.sendFeedback({ id: readingId, label, source: 'person' });
    },
    onMutate: async (label) => {
      await queries.cancelQueries({ queryKey: ['feedback'] });
      const given: Feedback[] =
        label === null
          ? []
          : [{ id: readingId, label, source: 'person', decided_at: new Date().toISOString() }];
      queries.setQueriesData<FeedbackList>(
        { queryKey: ['feedback'] },
        (list) => list && { feedback: [...list.feedback.filter(({ id }) => id !== readingId), ...given] },
      );
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['feedback'] }),
        queries.invalidateQueries({ queryKey: ['accuracy'] }),
      ]),
  });
}
