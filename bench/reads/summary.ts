import { formatTable } from '../measuring/format-table.ts';
import type { Arrived } from './arrivals.ts';
import type { Measured } from './measure-questions.ts';

/** One filled database that was asked. */
export interface Filled {
  rows: number;
  sensors: number;
  fill_seconds: number;
  arrived: Arrived;
  questions: Measured[];
}

const maxRatio = 5;
const maxMs = 50;

function toMs({ median_ms, p95_ms, faults }: Measured): string {
  const failed = Object.entries(faults).map(([fault, times]) => `${fault} ×${times}`);
  const times = Number.isNaN(median_ms) ? [] : [`${median_ms.toFixed(1)} (${p95_ms.toFixed(1)})`];
  return [...times, ...failed].join(' ');
}

function judge(smallest: Measured | undefined, largest: Measured | undefined): string[] {
  if (!smallest || !largest) return ['–', 'absent'];
  const ratio = largest.median_ms / smallest.median_ms;
  const isReached =
    ratio <= maxRatio && largest.median_ms < maxMs && Object.keys(largest.faults).length === 0;
  return [Number.isNaN(ratio) ? '–' : ratio.toFixed(1), isReached ? 'reached' : 'NOT REACHED'];
}

function listNames(filled: readonly Filled[]): string[] {
  return [...new Set(filled.flatMap(({ questions }) => questions.map(({ name }) => name)))];
}

/** Medians (95th percentiles) of one number of sensors; the ratio is that of the most rows to the fewest. */
export function toReadsTable(filled: readonly Filled[]): string {
  const bySize = filled.toSorted((a, b) => a.rows - b.rows);
  const sensors = bySize[0]?.sensors ?? 0;
  const find = (of: Filled | undefined, name: string) =>
    of?.questions.find((question) => question.name === name);
  return formatTable([
    [
      `${sensors} sensor${sensors === 1 ? '' : 's'}: median (p95) in ms`,
      ...bySize.map(({ rows }) => `${rows.toLocaleString('en')} rows`),
      'ratio',
      `≤ ${maxRatio} and < ${maxMs} ms`,
    ],
    ...listNames(bySize).map((name) => [
      name,
      ...bySize.map((of) => {
        const measured = find(of, name);
        return measured ? toMs(measured) : '–';
      }),
      ...judge(find(bySize[0], name), find(bySize.at(-1), name)),
    ]),
    ['seconds to fill', ...bySize.map(({ fill_seconds }) => fill_seconds.toFixed(0)), '', ''],
    [
      'readings that arrived per second',
      ...bySize.map(({ arrived }) => (arrived.answered / arrived.seconds).toFixed(0)),
      '',
      '',
    ],
  ]);
}
