import type { StoredReading } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/fixed-answer.ts';

/** Readings before and after. */
const reach = 5;

/** The reading with those of the same sensor just before and after it, oldest first. */
export function useNeighbors(reading: StoredReading) {
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
