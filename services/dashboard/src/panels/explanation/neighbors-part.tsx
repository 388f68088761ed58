import { features, type StoredReading } from '@sensor-sentinel/contracts';
import { useNeighbours } from '../../api/use-neighbours.ts';
import panelStyles from '../../components/panel.module.css';
import { PredictionLabel } from '../../components/prediction-label.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { Timestamp } from '../../components/timestamp.tsx';
import { formatDecimal } from '../../format/format-number.ts';
import styles from './explanation.module.css';

interface NeighboursPartProps {
  reading: StoredReading;
  onVisit: (reading: StoredReading) => void;
}

/** What the same sensor said just before and just after. */
export function NeighboursPart({ reading, onVisit }: NeighboursPartProps) {
  const neighbours = useNeighbours(reading);
  return (
    <section className={styles.part}>
      <h3>
        Just before and after <span className={styles.quiet}>sensor {reading.sensor_id}</span>
      </h3>
      {neighbours.data === undefined && neighbours.isError && (
        <p className={styles.fault}>The neighbours cannot be shown: {neighbours.error.message}</p>
      )}
      {neighbours.data === undefined && !neighbours.isError && (
        <div className={panelStyles.bone} style={{ height: 330 }}>
          <span className="visually-hidden">Loading</span>
        </div>
      )}
      {neighbours.data !== undefined && (
        <NeighboursTable neighbours={neighbours.data} here={reading.id} onVisit={onVisit} />
      )}
    </section>
  );
}

interface NeighboursTableProps {
  neighbours: readonly StoredReading[];
  here: string;
  onVisit: (reading: StoredReading) => void;
}

function NeighboursTable({ neighbours, here, onVisit }: NeighboursTableProps) {
  return (
    <ScrollRegion className={styles.scroller} label="Rows of neighbours">
      <table className={styles.table} aria-label="Neighbours in time">
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
          {neighbours.map((reading) => (
            <tr
              key={reading.id}
              className={reading.id === here ? styles.sum : undefined}
              aria-current={reading.id === here ? 'true' : undefined}
            >
              <th scope="row">
                {reading.id === here ? (
                  <>
                    <Timestamp iso={reading.timestamp} /> <span className={styles.mark}>this one</span>
                  </>
                ) : (
                  <button type="button" className={styles.visit} onClick={() => onVisit(reading)}>
                    <Timestamp iso={reading.timestamp} />
                  </button>
                )}
              </th>
              {features.map(({ name }) => (
                <td key={name} data-number>
                  {formatDecimal(reading[name])}
                </td>
              ))}
              <td>
                <PredictionLabel prediction={reading.prediction} />
              </td>
              <td data-number>{formatDecimal(reading.score, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
