import { useState } from 'react';
import { SearchList } from '../../ui/search-list.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toZoneText } from './format-time.ts';
import { isZoneName, localZoneName, utcZoneName, viewerZone } from './zone.ts';

/** Every time zone that the browser knows, after the usual two. */
export function ZoneList({ onClose }: { onClose: () => void }) {
  const { state, push } = useUrlState();
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  // A browser lists one name of each zone, and knows others: Asia/Kathmandu for Asia/Katmandu.
  const added = isZoneName(text) ? [state.zone, text] : [state.zone];
  const options = listZones(added).filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()));

  function choose([zone]: string[]) {
    if (zone !== undefined) push((current) => ({ ...current, zone }));
    onClose();
  }

  return (
    <>
      <SearchList
        label="Time zones"
        placeholder="Search a city or region"
        typed={typed}
        onType={setTyped}
        options={options}
        chosen={[state.zone]}
        selection="single"
        onChoose={choose}
      />
      {options.length === 0 && <p role="status">No matching time zone.</p>}
    </>
  );
}

function listZones(added: readonly string[]) {
  const names = [utcZoneName, ...added, ...Intl.supportedValuesOf('timeZone')];
  return [
    { id: localZoneName, title: 'Local time', note: toZoneText(viewerZone, new Date()) },
    ...[...new Set(names)]
      .filter((name) => name !== localZoneName)
      .map((name) => ({ id: name, title: name.replaceAll('_', ' ') })),
  ];
}
