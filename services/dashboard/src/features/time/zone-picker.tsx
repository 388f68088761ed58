import { lazy } from 'react';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useZone } from '../url-state/url-state-context.ts';
import { toZoneText } from './format-time.ts';
import { localZoneName, toOffsetText } from './zone.ts';

const ZoneList = lazy(async () => ({ default: (await import('./zone-list.tsx')).ZoneList }));

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
