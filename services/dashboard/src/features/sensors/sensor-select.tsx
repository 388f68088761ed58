import { lazy } from 'react';
import { isolateName } from '../../ui/isolate-name.ts';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useUrlState } from '../url-state/url-state-context.ts';

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

export function describeSensors(chosen: readonly string[]): string {
  const [first] = chosen;
  if (first === undefined) return 'All sensors';
  return chosen.length === 1 ? first : `${isolateName(first)} and ${chosen.length - 1} more`;
}
