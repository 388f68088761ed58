/** What a second without a flush adds to the ledger of one sensor. */
export interface ArrivalCounts {
  replayed: number;
  conflicts: number;
  rejected: number;
  gaps: number;
  firstMs: number | undefined;
  lastMs: number | undefined;
}

/** What cannot be laid to a sensor. */
export const noSensor = '';

const maxSensors = 10_000;

const none: ArrivalCounts = {
  replayed: 0,
  conflicts: 0,
  rejected: 0,
  gaps: 0,
  firstMs: undefined,
  lastMs: undefined,
};

export type Arrivals = ReturnType<typeof createArrivals>;

/** Counts in memory until they are taken to be written; bounded by the number of sensors. */
export function createArrivals(gapAfterMs: number) {
  let counts = new Map<string, ArrivalCounts>();

  function add(sensorId: string, newer: ArrivalCounts): void {
    const name = counts.has(sensorId) || counts.size < maxSensors ? sensorId : noSensor;
    counts.set(name, merge(counts.get(name), newer, gapAfterMs));
  }

  return {
    /** Something of the sensor was accepted. */
    hear(sensorId: string, { atMs, replayed }: { atMs: number; replayed: number }): void {
      add(sensorId, { ...none, replayed, firstMs: atMs, lastMs: atMs });
    },
    refuse(sensorId: string | undefined, reason: 'conflicts' | 'rejected'): void {
      add(sensorId ?? noSensor, { ...none, [reason]: 1 });
    },
    take(): Map<string, ArrivalCounts> {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    /** What was taken could not be written: it comes before what was counted meanwhile. */
    putBack(taken: ReadonlyMap<string, ArrivalCounts>): void {
      const newer = counts;
      counts = new Map(taken);
      for (const [sensorId, later] of newer) add(sensorId, later);
    },
  };
}

function merge(older: ArrivalCounts | undefined, newer: ArrivalCounts, gapAfterMs: number): ArrivalCounts {
  if (!older) return newer;
  const pauseMs = (newer.firstMs ?? 0) - (older.lastMs ?? newer.firstMs ?? 0);
  return {
    replayed: older.replayed + newer.replayed,
    conflicts: older.conflicts + newer.conflicts,
    rejected: older.rejected + newer.rejected,
    gaps: older.gaps + newer.gaps + (pauseMs > gapAfterMs ? 1 : 0),
    firstMs: older.firstMs ?? newer.firstMs,
    lastMs: newer.lastMs ?? older.lastMs,
  };
}
