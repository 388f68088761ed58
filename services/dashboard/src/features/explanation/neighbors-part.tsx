import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { formatScore } from '../../ui/format-number.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import panelStyles from '../panel/panel.module.css';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { formatValue } from '../types/format-feature.ts';
import styles from './explanation.module.css';
import { useNeighbors } from './use-neighbors.ts';

interface NeighborsPartProps {
  reading: StoredReading;
  features: readonly Feature[];
  onVisit: (reading: StoredReading) => void;
}

/** The readings of the same sensor just before and after. */
export function NeighborsPart({ reading, features, onVisit }: NeighborsPartProps) {
  const neighbors = useNeighbors(reading);
  return (
    <section className={styles.part}>
      <h3>
        Readings just before and after{' '}
        <span className={styles.quiet}>
          sensor <bdi>{reading.sensor_id}</bdi>
        </span>
      </h3>
      {neighbors.data === undefined && neighbors.isError && (
        <p className={styles.fault}>Neighboring readings could not be loaded: {neighbors.error.message}</p>
      )}
      {neighbors.data === undefined && !neighbors.isError && (
        <div className={panelStyles.bone} style={{ height: 330 }}>
          <span className="visually-hidden">Loading</span>
        </div>
      )}
      {neighbors.data !== undefined && (
        <NeighborsTable neighbors={neighbors.data} features={features} here={reading.id} onVisit={onVisit} />
      )}
    </section>
  );
}

interface NeighborsTableProps {
  neighbors: readonly StoredReading[];
  features: readonly Feature[];
  here: string;
  onVisit: (reading: StoredReading) => void;
}

function NeighborsTable({ neighbors, features, here, onVisit }: NeighborsTableProps) {
  return (
    <ScrollRegion className={styles.scroller} label="Neighboring readings table">
      <table className={styles.table} aria-label="Neighboring readings">
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
        <tbody>
          {neighbors.map((reading) => (
            <tr
              key={reading.id}
              className={reading.id === here ? styles.sum : undefined}
              aria-current={reading.id === here ? 'true' : undefined}
            >
              <th scope="row">
                {reading.id === here ? (
                  <>
                    <Timestamp iso={reading.timestamp} /> <span className={styles.mark}>this reading</span>
                  </>
                ) : (
                  <button type="button" className={styles.visit} onClick={() => onVisit(reading)}>
                    <Timestamp iso={reading.timestamp} />
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
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
