import type { Feature } from '@sensor-sentinel/contracts';
import { lazy, useMemo, useState } from 'react';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { firstFeatures, toShownFeatures } from './format-feature.ts';

const SearchList = lazy(async () => ({ default: (await import('../../ui/search-list.tsx')).SearchList }));

/** The features that have a card and a chart. */
export function useShownFeatures(): readonly Feature[] {
  const { features: chosen } = useUrlState().state;
  const { features } = useSensorType();
  return useMemo(() => toShownFeatures(features, chosen), [features, chosen]);
}

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

function FeatureList() {
  const { features } = useSensorType();
  const { push } = useUrlState();
  const [typed, setTyped] = useState('');
  const search = typed.trim().toLowerCase();
  return (
    <SearchList
      label="Features"
      placeholder="Search features"
      typed={typed}
      onType={setTyped}
      options={features
        .filter(({ title }) => title.toLowerCase().includes(search))
        .map(({ name, title }) => ({ id: name, title }))}
      chosen={useShownFeatures().map(({ name }) => name)}
      selection="multiple"
      onChoose={(names) => push((current) => ({ ...current, features: names }))}
    />
  );
}
