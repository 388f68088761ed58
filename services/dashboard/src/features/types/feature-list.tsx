import { useState } from 'react';
import { SearchList } from '../../ui/search-list.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { toShownFeatures } from './format-feature.ts';

/** A list of all features of the type, to choose those that have a card and a chart. */
export function FeatureList() {
  const { features } = useSensorType();
  const { state, push } = useUrlState();
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
      chosen={toShownFeatures(features, state.features).map(({ name }) => name)}
      selection="multiple"
      onChoose={(names) => push((current) => ({ ...current, features: names }))}
    />
  );
}
