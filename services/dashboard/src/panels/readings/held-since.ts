import type { ReadingsPage } from '@sensor-sentinel/contracts';
import type { UrlState } from '../../url-state/url-state.ts';

/** From when on readings are new to who looks at a page that was asked for at a time. */
export function toHeldSince(
  { readings, askedAt }: Pick<ReadingsPage, 'readings'> & { askedAt: string },
  { sort, order }: Pick<UrlState, 'sort' | 'order'>,
): string {
  const [newest] = readings;
  if (sort !== 'timestamp' || order !== 'desc' || newest === undefined) return askedAt;
  return new Date(Date.parse(newest.timestamp) + 1).toISOString();
}
