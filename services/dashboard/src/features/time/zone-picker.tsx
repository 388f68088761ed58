import { lazy, useState } from 'react';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { toZoneText } from './format-time.ts';
import { createZone, isZoneName, localZoneName, toOffsetText, utcZoneName } from './zone.ts';

const SearchList = lazy(async () => ({ default: (await import('../../ui/search-list.tsx')).SearchList }));

/** Selects the time zone of all times on the page. */
export function ZonePicker() {
  const zone = useZone();
  const now = new Date();
  const text = zone.name === localZoneName ? toOffsetText(now.getTime(), zone) : zone.timeZone;
  return (
    <PopoverButton label="Time zone" text={text} title={toZoneText(zone, now)}>
      {(close) => <ZoneList onClose={close} />}
    </PopoverButton>
  );
}

/** Every time zone that the browser knows, after the usual two. */
function ZoneList({ onClose }: { onClose: () => void }) {
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
  const names = new Set([utcZoneName, ...added, ...Intl.supportedValuesOf('timeZone')]);
  names.delete(localZoneName);
  return [
    { id: localZoneName, title: 'Local time', note: toZoneText(createZone(localZoneName), new Date()) },
    ...[...names].map((name) => ({ id: name, title: name.replaceAll('_', ' ') })),
  ];
}
