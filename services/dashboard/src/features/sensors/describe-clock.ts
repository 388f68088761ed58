import { formatDuration } from '../../ui/format-duration.ts';

/** `clock 23 h ahead`; null if the clock is not ahead. */
export function describeClock(aheadMs: number | null): string | null {
  return aheadMs === null ? null : `clock ${formatDuration(aheadMs)} ahead`;
}
