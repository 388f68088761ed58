import type { Feature } from '@sensor-sentinel/contracts';
import { lazy, Suspense, useMemo } from 'react';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { firstFeatures, toShownFeatures } from './format-feature.ts';

/** The features that have a card and a chart. */
export function useShownFeatures(): readonly Feature[] {
  const { features: chosen } = useUrlState().state;
  const { features } = useSensorType();
  return useMemo(() => toShownFeatures(features, chosen), [features, chosen]);
}

const FeatureMenu = lazy(async () => ({ default: (await import('./feature-menu.tsx')).FeatureMenu }));

/** Chooses the shown features of a type with many. */
export function FeaturePicker() {
  const { features } = useSensorType();
  if (features.length <= firstFeatures) return null;
  return (
    <Suspense>
      <FeatureMenu />
    </Suspense>
  );
}
