import type { Ledger } from '@sensor-sentinel/contracts';
import { formatDuration } from '../../format/format-duration.ts';

/** The counts of the ledger in their order. */
export const ledgerCounts = [
  { name: 'accepted', title: 'Accepted' },
  { name: 'stored', title: 'Stored' },
  { name: 'replayed', title: 'Replayed' },
  { name: 'conflicts', title: 'Conflicts' },
  { name: 'rejected', title: 'Rejected' },
  { name: 'late', title: 'Late' },
  { name: 'gaps', title: 'Gaps' },
] as const satisfies readonly { name: keyof Ledger['totals']; title: string }[];

type Limits = Pick<Ledger, 'late_after_ms' | 'gap_after_ms'>;

/** What each word of the ledger means. */
export function toMeanings({ late_after_ms, gap_after_ms }: Limits): { word: string; meaning: string }[] {
  return [
    { word: 'Accepted', meaning: 'answered with 200 once it was committed: stored and replayed together' },
    { word: 'Stored', meaning: 'rows in the database, once per id, also those that have been removed since' },
    { word: 'Replayed', meaning: 'repetitions of an id, answered with what is stored already' },
    { word: 'Conflicts', meaning: 'another reading under an id that is taken: answered with 409' },
    { word: 'Rejected', meaning: 'refused for their fields: answered with 400' },
    {
      word: 'Late',
      meaning: `stored, but more than ${formatDuration(late_after_ms)} behind their sensor's newest`,
    },
    {
      word: 'Gaps',
      meaning: `times that a sensor sent nothing for more than ${formatDuration(gap_after_ms)}`,
    },
    { word: 'Unattributed', meaning: 'refused, and named no sensor of which anything is stored' },
  ];
}
