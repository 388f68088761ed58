import { type Feature, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/refresh-policy.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { formatScore } from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './explanation.module.css';

const title = 'Readings just before and after';

interface NeighborsPartProps {
  reading: StoredReading;
  features: readonly Feature[];
}

/** The readings of the same sensor just before and after. */
export function NeighborsPart({ reading, features }: NeighborsPartProps) {
  const query = useNeighbors(reading);
  if (query.data === undefined)
    return <PanelFallback title={title} query={query} bones={{ count: 1, height: 330 }} />;
  return (
    <section className={`${dialogStyles.part} ${styles.neighbors}`}>
      <h3>{title}</h3>
      <SimpleTable
        label="Neighboring readings"
        columns={[
          { title: 'Time' },
          ...features.map((feature) => ({ title: toTitleWithUnit(feature), isNumber: true })),
          { title: 'Prediction' },
          { title: 'Score', isNumber: true },
        ]}
        rows={query.data.map((each) => ({
          key: each.id,
          isMarked: each.id === reading.id,
          cells: [
            <NeighborTime key="time" reading={each} isExplained={each.id === reading.id} />,
            ...features.map((feature) => formatValue(featureValueOf(each, feature.name), feature)),
            <PredictionLabel key="prediction" prediction={each.prediction} />,
            formatScore(each.score),
          ],
        }))}
      />
    </section>
  );
}

/** Opens the reading, unless it is the one that is explained. */
function NeighborTime({ reading, isExplained }: { reading: StoredReading; isExplained: boolean }) {
  const { push } = useUrlState();
  const time = <Timestamp iso={reading.timestamp} />;
  if (isExplained) {
    return (
      <>
        {time} <span className={styles.mark}>this reading</span>
      </>
    );
  }
  return (
    <button
      type="button"
      className={styles.visit}
      onClick={() => push((url) => ({ ...url, reading: reading.id }))}
    >
      {time}
    </button>
  );
}

/** Readings before and after. */
const reach = 5;

/** The reading with those of the same sensor just before and after it, oldest first. */
function useNeighbors(reading: StoredReading) {
  const api = useApi();
  const queries = useQueryClient();
  const { id, type, sensor_id, timestamp } = reading;
  return useQuery({
    queryKey: ['neighbors', id],
    queryFn: async ({ signal }) => {
      const [before, after] = await Promise.all([
        api.getReadings({ type, sensor_id, to: timestamp, order: 'desc', limit: reach }, signal),
        api.getReadings({ type, sensor_id, from: timestamp, order: 'asc', limit: reach + 1 }, signal),
      ]);
      const later = after.readings.filter((other) => other.id !== id).slice(0, reach);
      const neighbors = [...before.readings.toReversed(), reading, ...later];
      // So that a neighbor that is opened need not be fetched.
      for (const each of neighbors) queries.setQueryData(['reading', each.id], each);
      return neighbors;
    },
    ...fixedAnswer,
  });
}
