import type { Feature } from '@sensor-sentinel/contracts';
import { lazy, useMemo } from 'react';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { firstFeatures, toShownFeatures } from './format-feature.ts';

/** The features that have a card and a chart. */
export function useShownFeatures(): readonly Feature[] {
  const { features: chosen } = useUrlState().state;
  const { features } = useSensorType();
  return useMemo(() => toShownFeatures(features, chosen), [features, chosen]);
}

const FeatureList = lazy(async () => ({ default: (await import('./feature-list.tsx')).FeatureList }));

/** Chooses the shown features of a type with many. */
export function FeaturePicker() {
  const { features } = useSensorType();
  const shown = useShownFeatures();
  if (features.length <= firstFeatures) return null;
  return (
    <PopoverButton label="Features" text={`${shown.length} of ${features.length}`}>
      {() => <FeatureList />}
    </PopoverButton>
  );
}
