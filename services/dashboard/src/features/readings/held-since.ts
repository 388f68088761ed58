import type { ReadingsPage } from '@sensor-sentinel/contracts';
import type { UrlState } from '../url-state/url-state.ts';

/** The time from which on readings are newer than the held page. */
export function toHeldSince(
  { readings, requestedAt }: Pick<ReadingsPage, 'readings'> & { requestedAt: string },
  { sort, order }: Pick<UrlState, 'sort' | 'order'>,
): string {
  const [newest] = readings;
  if (sort !== 'timestamp' || order !== 'desc' || newest === undefined) return requestedAt;
  return new Date(Date.parse(newest.timestamp) + 1).toISOString();
}
