import { z } from 'zod';
import { draw } from './draw.ts';

const faultNames = ['dup', 'drop', 'late', 'garbage'] as const;
type FaultName = (typeof faultNames)[number];
/** The share of rows with each fault, from 0 to 1. */
export type FaultShares = Readonly<Record<FaultName, number>>;

export interface RowFaults {
  /** The same reading is sent twice. */
  isDoubled: boolean;
  /** The row is not sent. */
  isDropped: boolean;
  /** How many rows later than its turn it is sent; 0: in its turn. */
  laterByRows: number;
  /** An invalid body that is sent before it. */
  garbage: string | undefined;
}

export const maxLateRows = 50;
export const noFaults: FaultShares = { dup: 0, drop: 0, late: 0, garbage: 0 };

/** Bodies of a broken client; the API answers each with 400. */
const garbageBodies = [
  '{"temperature": 24.1, "humidity": 51.2, "sound_volume": ',
  '{"temperature": "hot", "humidity": 51.2, "sound_volume": 60.3}',
  '{"temperature": 24.1, "humidity": 151, "sound_volume": 60.3}',
  '{"temperature": 24.1, "humidity": 51.2}',
  '{"temperature": 24.1, "humidity": 51.2, "sound_volume": 60.3, "colour": "red"}',
  'temperature=24.1',
  'null',
];

/** Parses `dup:1%,late:0.02`. */
export const faultsSchema = z.string().transform((text, context): FaultShares => {
  const shares: Record<FaultName, number> = { ...noFaults };
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const [, name, amount, percent] = /^([a-z]+):(\d+(?:\.\d+)?)(%?)$/.exec(part) ?? [];
    const known = faultNames.find((one) => one === name);
    const share = Number(amount) / (percent ? 100 : 1);
    if (known === undefined || share > 1) {
      context.addIssue('expected shares as in dup:1%,drop:0.5%,late:2%,garbage:0.1%');
      return z.NEVER;
    }
    shares[known] = share;
  }
  return shares;
});

/** Faults depend only on the seed, the loop and the row, so that a sender that takes over repeats them. */
export function drawFaults(shares: FaultShares, seed: number, at: { loop: number; row: number }): RowFaults {
  if (faultNames.every((name) => shares[name] === 0)) return faultless;
  const isLate = draw('late', seed, at) < shares.late;
  const garbageDraw = draw('garbage', seed, at);
  const kind = Math.floor((garbageDraw / shares.garbage) * garbageBodies.length);
  return {
    isDoubled: draw('dup', seed, at) < shares.dup,
    isDropped: draw('drop', seed, at) < shares.drop,
    laterByRows: isLate ? 1 + Math.floor(draw('lateness', seed, at) * maxLateRows) : 0,
    garbage: garbageDraw < shares.garbage ? garbageBodies[kind] : undefined,
  };
}

const faultless: RowFaults = { isDoubled: false, isDropped: false, laterByRows: 0, garbage: undefined };
