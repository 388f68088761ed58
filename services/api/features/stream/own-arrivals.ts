import type { ScoredReading } from '../readings/reading-row.ts';

/** A reading that this process has stored. */
export interface OwnArrival {
  seq: number;
  /** The key of the type. */
  type: number;
  /** The key of the sensor. */
  sensor: number;
  sensor_id: string;
  scored: ScoredReading;
}

const maxRows = 20_000;

export type OwnArrivals = ReturnType<typeof createOwnArrivals>;

/**
 * The last readings that this process has stored, so that it need not read them from the database to evaluate them. They are kept
 * only while somebody wants them.
 */
export function createOwnArrivals() {
  let isWanted = false;
  let batches: { first: number; rows: readonly ScoredReading[] }[] = [];
  let count = 0;

  function dropUpTo(seq: number): void {
    const end = batches.findIndex(({ first, rows }) => first + rows.length - 1 > seq);
    const dropped = batches.splice(0, end < 0 ? batches.length : end);
    count -= dropped.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  return {
    want(wanted: boolean): void {
      isWanted = wanted;
      if (!wanted) [batches, count] = [[], 0];
    },
    /** The rows of a commit. @param first the `seq` of the first one; the others follow without a gap */
    add(first: number, rows: readonly ScoredReading[]): void {
      if (!isWanted) return;
      batches.push({ first, rows });
      count += rows.length;
      while (count > maxRows) count -= batches.shift()?.rows.length ?? count;
    },
    /** The readings that directly follow `after`, up to the first one that this process has not stored. */
    take(after: number, limit: number): OwnArrival[] {
      dropUpTo(after);
      const arrivals: OwnArrival[] = [];
      for (const { first, rows } of batches) {
        if (first > after + arrivals.length + 1) break;
        const known = after + arrivals.length + 1 - first;
        for (const [index, scored] of rows.slice(known, known + limit - arrivals.length).entries())
          arrivals.push(toArrival(first + known + index, scored));
        if (arrivals.length === limit) break;
      }
      return arrivals;
    },
  };
}

function toArrival(seq: number, scored: ScoredReading): OwnArrival {
  const { type, sensor_id } = scored.reading;
  return { seq, type: type.id, sensor: scored.sensor, sensor_id, scored };
}
