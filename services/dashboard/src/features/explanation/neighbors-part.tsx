import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/refresh-policy.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { formatScore } from '../../ui/format-number.ts';
import panelStyles from '../../ui/panel.module.css';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { formatValue } from '../types/format-feature.ts';
import styles from './explanation.module.css';

interface NeighborsPartProps {
  reading: StoredReading;
  features: readonly Feature[];
  onVisit: (reading: StoredReading) => void;
}

/** The readings of the same sensor just before and after. */
export function NeighborsPart({ reading, features, onVisit }: NeighborsPartProps) {
  const { data, error } = useNeighbors(reading);
  return (
    <section className={dialogStyles.part}>
      <h3>Readings just before and after</h3>
      {data === undefined && error !== null && (
        <p className={dialogStyles.fault}>These readings could not be loaded: {error.message}</p>
      )}
      {data === undefined && error === null && (
        <div className={panelStyles.bone} style={{ height: 330 }}>
          <span className="visually-hidden">Loading</span>
        </div>
      )}
      {data !== undefined && (
        <ScrollRegion className={styles.scroller} label="Neighboring readings table">
          <table className={styles.table} aria-label="Neighboring readings">
            <NeighborsHead features={features} />
            <tbody>
              {data.map((each) => (
                <NeighborRow
                  key={each.id}
                  reading={each}
                  features={features}
                  onVisit={each.id === reading.id ? null : () => onVisit(each)}
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  );
}

/** Readings before and after. */
const reach = 5;

/** The reading with those of the same sensor just before and after it, oldest first. */
function useNeighbors(reading: StoredReading) {
  const api = useApi();
  const { id, type, sensor_id, timestamp } = reading;
  return useQuery({
    queryKey: ['neighbors', id],
    queryFn: async ({ signal }): Promise<StoredReading[]> => {
      const [before, after] = await Promise.all([
        api.getReadings({ type, sensor_id, to: timestamp, order: 'desc', limit: reach }, signal),
        api.getReadings({ type, sensor_id, from: timestamp, order: 'asc', limit: reach + 1 }, signal),
      ]);
      const later = after.readings.filter((other) => other.id !== id).slice(0, reach);
      return [...before.readings.toReversed(), reading, ...later];
    },
    ...fixedAnswer,
  });
}

function NeighborsHead({ features }: { features: readonly Feature[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">Time</th>
        {features.map(({ name, title, unit }) => (
          <th key={name} scope="col" data-number>
            {title} <span className={styles.unit}>{unit}</span>
          </th>
        ))}
        <th scope="col">Prediction</th>
        <th scope="col" data-number>
          Score
        </th>
      </tr>
    </thead>
  );
}

interface NeighborRowProps {
  reading: StoredReading;
  features: readonly Feature[];
  /** Null for the reading that is explained. */
  onVisit: (() => void) | null;
}

function NeighborRow({ reading, features, onVisit }: NeighborRowProps) {
  const time = <Timestamp iso={reading.timestamp} />;
  return (
    <tr className={onVisit === null ? styles.sum : undefined} aria-current={onVisit === null || undefined}>
      <th scope="row">
        {onVisit === null ? (
          <>
            {time} <span className={styles.mark}>this reading</span>
          </>
        ) : (
          <button type="button" className={styles.visit} onClick={onVisit}>
            {time}
          </button>
        )}
      </th>
      {features.map((feature) => (
        <td key={feature.name} data-number>
          {formatValue(featureValueOf(reading, feature.name), feature)}
        </td>
      ))}
      <td>
        <PredictionLabel prediction={reading.prediction} />
      </td>
      <td data-number>{formatScore(reading.score)}</td>
    </tr>
  );
}
