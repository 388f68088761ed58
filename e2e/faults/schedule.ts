import { createRandom } from '../testing/random.ts';

/** How often each fault strikes in one round. */
export const faultCounts = {
  'kill the API': 18,
  'kill the database': 18,
  'kill everything': 2,
  'pause the API': 2,
  'pause the database': 2,
  'pause the database for long': 1,
  'drop the connections': 3,
  'refuse connections': 2,
  'hang the connections': 2,
  'swallow answers of the database': 6,
  'fill the disk': 2,
} as const;

export type FaultKind = keyof typeof faultCounts;

export interface Fault {
  kind: FaultKind;
  /** How many readings are answered after the fault before is over, until this one strikes. */
  afterAnswers: number;
  /** Whether it then awaits a replayed answer, which is read rather than written, and strikes at once. */
  onReplay: boolean;
  /** Which API, or the wire of which API to the database. */
  replica: 0 | 1;
  /** How many failures (for a paused API: answers of the other one) it lasts, where it does not end by itself. */
  length: number;
  /** Whether a connection that hung is broken rather than going on. */
  thenCut: boolean;
}

/** The same seed gives the same faults in the same order, at the same progress. */
export function createSchedule(seed: number): Fault[] {
  const random = createRandom(seed);
  const kinds = Object.entries(faultCounts).flatMap(([kind, count]) =>
    Array.from({ length: count }, () => kind as FaultKind),
  ); // Object.entries forgets the type of the keys
  return random.shuffle(kinds).map((kind) => ({
    kind,
    afterAnswers: random.between(1, 120),
    onReplay: random.isBelow(0.4),
    replica: random.pick([0, 1]),
    length: random.between(1, 8),
    thenCut: random.isBelow(0.5),
  }));
}
