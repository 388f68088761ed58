import { type Matrix, rowOf, selectRows } from '../matrix.ts';

export type Duplicates = 'drop' | 'keep';

type Labelled = { readonly features: Matrix; readonly labels: Uint8Array };

/**
 * Leaves repeated rows (same values, same label) out but for the first, because one that is learnt from and tested on
 * would flatter the figures. Tells of rows that contradict each other.
 */
export function cleanRows(
  { features, labels }: Labelled,
  duplicates: Duplicates,
): Labelled & { readonly remarks: readonly string[] } {
  const labelsOf = new Map<string, Set<number>>();
  const distinct: number[] = [];
  for (let i = 0; i < features.rows; i++) {
    const key = rowOf(features, i).join();
    const seen = labelsOf.get(key) ?? new Set();
    if (!seen.has(labels[i])) distinct.push(i);
    labelsOf.set(key, seen.add(labels[i]));
  }
  const repeated = features.rows - distinct.length;
  const contradictions = [...labelsOf.values()].filter(({ size }) => size > 1).length;
  const remarks: string[] = [];
  if (repeated > 0) {
    const what = duplicates === 'drop' ? 'are left out' : 'are kept, as asked: the figures may flatter';
    remarks.push(`${count(repeated, 'row')} with the values and the label of an earlier one ${what}`);
  }
  if (contradictions > 0) {
    remarks.push(`${count(contradictions, 'set')} of values stand in rows of both labels: these are kept`);
  }
  if (repeated === 0 || duplicates === 'keep') return { features, labels, remarks };
  return {
    features: selectRows(features, distinct),
    labels: Uint8Array.from(distinct, (row) => labels[row]),
    remarks,
  };
}

/** Indices of columns that have one value only. */
export function findConstantColumns({ columns, values }: Matrix): number[] {
  return Array.from({ length: columns }, (_, j) => j).filter((j) => {
    for (let i = j; i < values.length; i += columns) if (values[i] !== values[j]) return false;
    return true;
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
