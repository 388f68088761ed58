import { lazy } from 'react';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeSensors } from './choose-sensors.ts';

const SensorList = lazy(async () => ({ default: (await import('./sensor-list.tsx')).SensorList }));

interface SensorSelectProps {
  label: string;
  /** The name by which a keyboard shortcut finds it. */
  shortcut?: string;
}

/** Selects the sensors to show; no selection means all sensors. */
export function SensorSelect({ label, shortcut }: SensorSelectProps) {
  const { sensors } = useUrlState().state;
  return (
    <PopoverButton
      label={label}
      text={describeSensors(sensors)}
      title={sensors.join(', ') || undefined}
      shortcut={shortcut}
    >
      {() => <SensorList />}
    </PopoverButton>
  );
}
