import type { Replay } from '@sensor-sentinel/contracts';
import { formatCount, formatPercent } from '../../ui/format-number.ts';

/** The progress of a replay; null where it is unknown, such as the share of an endless replay. */
interface ReplayProgress {
  /** Share of the rows of all loops, 0 to 1. */
  share: number | null;
  /** Estimated from the current rate of all senders. */
  leftMs: number | null;
  text: string;
}

export function toReplayProgress(replay: Replay): ReplayProgress {
  const { total_rows, done_rows, loops, state, load } = replay;
  const done = `${formatCount(done_rows)} rows done`;
  if (total_rows === null) return { share: null, leftMs: null, text: `${done}; the total is not known yet` };
  if (loops === 0) {
    const inLoop = total_rows === 0 ? 0 : done_rows % total_rows;
    const text = `${done}; ${formatCount(inLoop)} of ${formatCount(total_rows)} in this loop`;
    return { share: total_rows === 0 ? null : inLoop / total_rows, leftMs: null, text };
  }
  const all = total_rows * loops;
  const share = all === 0 ? 1 : Math.min(1, done_rows / all);
  const rate = load?.accepted_per_second ?? 0;
  return {
    share,
    leftMs: state === 'running' && rate > 0 ? ((all - done_rows) / rate) * 1000 : null,
    text: `${formatCount(done_rows)} of ${formatCount(all)} rows, ${formatPercent(share)}`,
  };
}

/** `Loop 2 of 3`, `Loop 7, endless`; one-based. */
export function describeLoop({ loop, loops }: Pick<Replay, 'loop' | 'loops'>): string {
  const here = `Loop ${formatCount(loop + 1)}`;
  return loops === 0 ? `${here}, endless` : `${here} of ${formatCount(loops)}`;
}
