import type { Prediction, ReadingInput } from '@sensor-sentinel/contracts';

/** A row on its way. Its id is made once, before the first attempt, so that no attempt stores it twice. */
export interface Outgoing {
  reading: ReadingInput & { id: string };
  /** Of the file, for what is said about the row. */
  line: number;
  /** On the elapsed clock: when it is meant to be sent. Undefined: as soon as there is room. */
  dueAtMs?: number;
  /** Sent in place of the reading: what a broken client would send. */
  garbage?: string;
}

/** What became of a row; each ends in exactly one of these. */
export type Settled = { outgoing: Outgoing } & (
  | { outcome: 'accepted'; prediction: Prediction; isReplayed: boolean }
  /** 409: the id is stored with another reading. 400: its fields. */
  | { outcome: 'conflict' | 'rejected' | 'unreadable'; detail: string }
  /** `dropped`: not sent, being too late. `unfinished`: told to stop before the answer came. */
  | { outcome: 'dropped' | 'unfinished' }
);
