import type { Draw } from './uniform.ts';

export const faultNames = ['dup', 'drop', 'late', 'garbage'] as const;
export type FaultName = (typeof faultNames)[number];
/** The share of rows that each befalls, from 0 to 1. */
export type FaultShares = Readonly<Record<FaultName, number>>;

export type RowFaults = {
  /** Sent twice, the very same reading. */
  isDoubled: boolean;
  /** Not sent. */
  isDropped: boolean;
  /** So many rows later than its turn; 0: in time. */
  laterByRows: number;
  /** What is sent before it, in vain. */
  garbage: string | undefined;
};

export const maxLateRows = 50;
const none: FaultShares = { dup: 0, drop: 0, late: 0, garbage: 0 };

/** What a client that is broken sends; the API answers each with 400. */
const garbages = [
  '{"temperature": 24.1, "humidity": 51.2, "sound_volume": ',
  '{"temperature": "hot", "humidity": 51.2, "sound_volume": 60.3}',
  '{"temperature": 24.1, "humidity": 151, "sound_volume": 60.3}',
  '{"temperature": 24.1, "humidity": 51.2}',
  '{"temperature": 24.1, "humidity": 51.2, "sound_volume": 60.3, "colour": "red"}',
  'temperature=24.1',
  'null',
];

/** `dup:1%,late:0.02`; undefined where that is no list of faults. */
export function parseFaults(text: string): FaultShares | undefined {
  const shares: Record<FaultName, number> = { ...none };
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const [, name, amount, percent] = /^([a-z]+):(\d+(?:\.\d+)?)(%?)$/.exec(part) ?? [];
    const known = faultNames.find((one) => one === name);
    const share = Number(amount) / (percent ? 100 : 1);
    if (known === undefined || share > 1) return undefined;
    shares[known] = share;
  }
  return shares;
}

/** What befalls a row depends on the seed and the row alone: who takes over does the same. */
export function createFaultPlan(shares: FaultShares, draw: Draw) {
  const isQuiet = faultNames.every((name) => shares[name] === 0);
  return (at: { loop: number; row: number }): RowFaults => {
    if (isQuiet) return quiet;
    const isLate = draw('late', at) < shares.late;
    const garbageDraw = draw('garbage', at);
    const kind = Math.floor((garbageDraw / shares.garbage) * garbages.length);
    return {
      isDoubled: draw('dup', at) < shares.dup,
      isDropped: draw('drop', at) < shares.drop,
      laterByRows: isLate ? 1 + Math.floor(draw('lateness', at) * maxLateRows) : 0,
      garbage: garbageDraw < shares.garbage ? garbages[kind] : undefined,
    };
  };
}

const quiet: RowFaults = { isDoubled: false, isDropped: false, laterByRows: 0, garbage: undefined };
