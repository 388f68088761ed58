import type { StoredReading } from '@sensor-sentinel/contracts';
import { useCallback, useMemo } from 'react';
import { useLaterReadings, useReadings } from './use-readings.ts';

/** Limits memory when a user scrolls for a long time; further rows can be filtered or exported. */
const maxRows = 20_000;

const noReadings: StoredReading[] = [];

/** The first page of readings and the later pages loaded so far, as one list. */
export function useTableRows(isHeld: boolean) {
  const first = useReadings(isHeld);
  const later = useLaterReadings(first.data);
  const readings = useMemo(
    () =>
      [first.data?.readings ?? noReadings, ...(later.data?.pages.map((page) => page.readings) ?? [])].flat(),
    [first.data, later.data],
  );
  const hasMore = later.data === undefined ? first.data?.next_cursor != null : later.hasNextPage;
  const isFull = readings.length >= maxRows;
  const mayLoad = hasMore && !isFull && !first.isPlaceholderData && !later.isFetching && !later.isError;
  const { fetchNextPage } = later;
  const loadMore = useCallback(() => {
    if (mayLoad) fetchNextPage();
  }, [mayLoad, fetchNextPage]);
  return { first, later, readings, isFull: isFull && hasMore, loadMore };
}
