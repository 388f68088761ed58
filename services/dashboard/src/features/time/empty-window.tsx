import { Empty } from '../../ui/empty.tsx';
import { isolateName } from '../../ui/isolate-name.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const advice = {
  live: 'Choose a longer time range, or check that a sender is running.',
  paused: 'Zoom out, or resume live.',
  historical: 'Choose another start and end.',
} as const;

export function EmptyWindow() {
  const { time, sensors } = useUrlState().state;
  return (
    <Empty title="No readings in this window">
      {advice[time.mode]}
      {sensors.length > 0 &&
        ` Only ${sensors.length === 1 ? 'sensor' : 'sensors'} ${sensors.map(isolateName).join(', ')} ${sensors.length === 1 ? 'is' : 'are'} selected; select all sensors to see the others.`}
    </Empty>
  );
}
