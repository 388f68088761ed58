import { formatTable } from '../measuring/format-table.ts';
import { median } from '../measuring/median.ts';
import type { Arrived } from '../reads/arrivals.ts';
import type { WatchedPage } from './watch-page.ts';

export interface DashboardResult extends WatchedPage {
  rows: number;
  minutes: number;
  arrived: Arrived;
  /** From the answer to a reading to its row, for each that was tried. */
  shown_ms: readonly number[];
  /** Of the machine, at the end, over five minutes: long tasks are longer where others want the processors too. */
  load_average: number;
}

const maxTaskMs = 100;
const maxShownMs = 1000;
/** Where the host keeps more of the processors than that from this machine, a task's time says little of the page. */
const maxStolenShare = 0.1;
/** A heap that grows by less over the whole time is taken for flat. */
const maxGrowthShare = 0.1;

function judge(isReached: boolean): string {
  return isReached ? 'reached' : 'NOT REACHED';
}

function toTaskTime(milliseconds: number): string {
  return milliseconds === 0 ? 'below 50' : String(milliseconds);
}

/** Medians of the first and the last third, so that one sample decides nothing. */
function toGrowth(heap: readonly number[]): { first: number; last: number } {
  const third = Math.max(1, Math.floor(heap.length / 3));
  return { first: median(heap.slice(0, third)), last: median(heap.slice(-third)) };
}

export function toDashboardTable({
  rows,
  minutes,
  arrived,
  heap,
  long_tasks,
  requests,
  traced,
  shown_ms,
  load_average,
}: DashboardResult): string {
  const longest = long_tasks.reduce((most, { duration_ms }) => Math.max(most, duration_ms), 0);
  const longestShown = Math.max(...shown_ms);
  const tooLong = long_tasks.filter(({ duration_ms }) => duration_ms > maxTaskMs).length;
  const undisturbed = heap.slice(1).filter(({ stolen_share }) => stolen_share <= maxStolenShare);
  const longestUndisturbed = Math.max(0, ...undisturbed.map(({ longest_task_ms }) => longest_task_ms));
  const { first, last } = toGrowth(heap.map(({ heap_mb }) => heap_mb));
  const share = (last - first) / first;
  return formatTable([
    [`live, ${minutes} min, ${rows.toLocaleString('en')} readings stored`, 'measured', 'wanted', ''],
    ['readings that arrived per second', (arrived.answered / arrived.seconds).toFixed(0), '', ''],
    ['requests per minute', (requests / minutes).toFixed(0), '', ''],
    ['longest task, ms', toTaskTime(longest), `≤ ${maxTaskMs}`, judge(longest <= maxTaskMs)],
    [
      `longest task of ${undisturbed.length} of ${heap.length - 1} half minutes with ≤ ${100 * maxStolenShare} % stolen, ms`,
      toTaskTime(longestUndisturbed),
      `≤ ${maxTaskMs}`,
      undisturbed.length === 0 ? 'not measured' : judge(longestUndisturbed <= maxTaskMs),
    ],
    ['tasks above 50 ms', String(long_tasks.length), '', ''],
    [`tasks above ${maxTaskMs} ms`, String(tooLong), '0', judge(tooLong === 0)],
    [
      `longest task of ${traced.seconds} s in processor time, ms`,
      traced.longest_cpu_ms.toFixed(0),
      `≤ ${maxTaskMs}`,
      judge(traced.longest_cpu_ms <= maxTaskMs),
    ],
    ['answer to row, median, ms', median(shown_ms).toFixed(0), '', ''],
    [
      'answer to row, longest, ms',
      String(longestShown),
      `≤ ${maxShownMs}`,
      judge(longestShown <= maxShownMs),
    ],
    ['share of one core', `${(100 * traced.cpu_share).toFixed(0)} %`, '', ''],
    ['load of the machine', load_average.toFixed(1), '', ''],
    ['heap in the first third, MB', first.toFixed(1), '', ''],
    ['heap in the last third, MB', last.toFixed(1), '', ''],
    [
      'growth',
      `${(100 * share).toFixed(1)} %`,
      `≤ ${100 * maxGrowthShare} %`,
      judge(share <= maxGrowthShare),
    ],
    ['DOM nodes, first and last', `${heap[0]?.nodes ?? '–'}, ${heap.at(-1)?.nodes ?? '–'}`, '', ''],
  ]);
}
