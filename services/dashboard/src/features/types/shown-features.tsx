import type { Feature } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { firstFeatures, toShownFeatures } from './format-feature.ts';

/** The features that have a card and a chart. */
export function useShownFeatures(): readonly Feature[] {
  const { showsAllFeatures } = useUrlState().state;
  const { features } = useSensorType();
  return useMemo(() => toShownFeatures(features, showsAllFeatures), [features, showsAllFeatures]);
}

/** Shows all features of a type with many, or only the first ones. */
export function FeaturesButton() {
  const { state, push } = useUrlState();
  const { length } = useSensorType().features;
  if (length <= firstFeatures) return null;
  const { showsAllFeatures } = state;
  return (
    <button
      type="button"
      onClick={() => push((current) => ({ ...current, showsAllFeatures: !showsAllFeatures }))}
    >
      {showsAllFeatures ? `Show the first ${firstFeatures} features` : `Show all ${length} features`}
    </button>
  );
}
