import { useMemo } from 'react';
import { useModel } from '../models/use-model.ts';
import type { NormalRange } from './to-layout.ts';

/** The normal ranges in the training data of the model in use; null if the model has none. */
export function useNormalRanges(): Readonly<Record<string, NormalRange>> | null {
  const described = useModel().data?.features;
  return useMemo(() => {
    const ranges = (described ?? []).flatMap(({ name, normal_range }) =>
      normal_range === undefined ? [] : [[name, normal_range] as const],
    );
    return ranges.length === 0 ? null : Object.fromEntries(ranges);
  }, [described]);
}
