import type { Ledger } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';

/** The counts of the ledger in display order. */
export const ledgerCounts = [
  { name: 'accepted', title: 'Accepted' },
  { name: 'stored', title: 'Stored' },
  { name: 'duplicates', title: 'Duplicates' },
  { name: 'conflicts', title: 'Conflicts' },
  { name: 'rejected', title: 'Rejected' },
  { name: 'late', title: 'Late' },
  { name: 'gaps', title: 'Gaps' },
] as const satisfies readonly { name: keyof Ledger['totals']; title: string }[];

type Limits = Pick<Ledger, 'late_after_ms' | 'gap_after_ms'>;

/** The definitions of the counts. */
export function toMeanings({ late_after_ms, gap_after_ms }: Limits): { word: string; meaning: string }[] {
  return [
    { word: 'Accepted', meaning: 'answered 200 after commit: stored plus duplicates' },
    { word: 'Stored', meaning: 'rows inserted, one per id, including rows deleted since' },
    { word: 'Duplicates', meaning: 'readings sent again with the same id, answered with the stored result' },
    { word: 'Conflicts', meaning: 'different readings sent with an existing id, answered 409' },
    { word: 'Rejected', meaning: 'invalid readings, answered 400' },
    {
      word: 'Late',
      meaning: `stored readings more than ${formatDuration(late_after_ms)} older than the newest of their sensor`,
    },
    {
      word: 'Gaps',
      meaning: `periods of more than ${formatDuration(gap_after_ms)} without a reading from a sensor`,
    },
    { word: 'Unattributed', meaning: 'rejected readings and conflicts that name no known sensor' },
  ];
}
