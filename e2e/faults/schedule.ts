import { createRandom } from '../testing/random.ts';

/** How often each fault is injected in one round. */
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
  /** Readings to be answered between the end of the last fault and this one. */
  afterAnswers: number;
  /** Whether it then waits for the answer to a duplicate, which is read rather than written. */
  onDuplicate: boolean;
  /** The API, or the API whose proxy fails. */
  replica: 0 | 1;
  /** Its duration in failed requests; for a paused API, in answers of the other one. */
  length: number;
  /** Whether hanging connections are closed in the end. */
  thenCut: boolean;
}

/** The same seed gives the same faults, in the same order and at the same progress. */
export function createSchedule(seed: number): Fault[] {
  const random = createRandom(seed);
  const kinds = Object.entries(faultCounts).flatMap(([kind, count]) =>
    Array.from({ length: count }, () => kind as FaultKind),
  ); // Object.entries forgets the type of the keys
  return random.shuffle(kinds).map((kind) => ({
    kind,
    afterAnswers: random.between(1, 120),
    onDuplicate: random.isBelow(0.4),
    replica: random.pick([0, 1]),
    length: random.between(1, 8),
    thenCut: random.isBelow(0.5),
  }));
}
