import type { Incident } from '@sensor-sentinel/contracts';
import { useApi } from '../../api/api-context.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { useNow } from '../../ui/use-now.ts';
import { toEndedAt } from '../incidents/describe-incident.ts';
import { findFeature, formatWithUnit } from '../types/format-feature.ts';
import { UrlLink } from '../url-state/url-link.tsx';
import { useFeaturesOf } from '../url-state/url-state-context.ts';
import styles from './alert-box.module.css';
import { toIncidentPage } from './firing-incidents.tsx';

/** When, where and why something fired last, with a link to its details. */
export function LastIncident({ incident }: { incident: Incident | null }) {
  if (incident === null) return <p>No incident so far</p>;
  return (
    <p>
      {'Last incident '}
      <Age iso={toEndedAt(incident) ?? incident.last_seen_at} />
      {' ago: '}
      <UrlLink className={styles.link} to={toIncidentPage(incident.id)}>
        <Reason incident={incident} />
      </UrlLink>
    </p>
  );
}

const minuteMs = 60_000;

/** In whole minutes, except for the first one. */
function Age({ iso }: { iso: string }) {
  useNow();
  const ageMs = useApi().now() - Date.parse(iso);
  return formatDuration(ageMs < minuteMs ? ageMs : ageMs - (ageMs % minuteMs));
}

/** `boiler room, Humidity 44.8 %`: the value that made the score highest. Without it, what the rule says. */
function Reason({ incident: { sensor_id, type, cause, summary } }: { incident: Incident }) {
  const features = useFeaturesOf(type);
  if (cause === null) return summary;
  const feature = findFeature(features, cause.feature);
  return `${isolateName(sensor_id)}, ${feature.title} ${formatWithUnit(cause.value, feature)}`;
}
