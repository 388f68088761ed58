import { formatTable } from '../measuring/format-table.ts';
import { median } from '../measuring/median.ts';
import { percentileNames, type Singles, type Wrk } from './measure.ts';

export interface PercentileRound {
  how: 'together' | 'in turn';
  ours: Singles;
  wrk: Wrk;
  /** Of the processors, by the host for other machines meanwhile, 0 to 1. */
  stolen_share: number;
}
export interface Percentiles {
  /** What the API answered per second to 64 connections. */
  limit_per_second: number;
  connections: number;
  rounds: PercentileRound[];
}

const ways = ['together', 'in turn'] as const;
const kinds = ['measured', 'corrected'] as const;

/**
 * Medians over the rounds, of ours and of wrk's in milliseconds, and of how far ours was off wrk's, in percent. Like is
 * compared with like: as measured, and corrected for coordinated omission, which is what wrk prints.
 */
export function comparePercentileRounds({ rounds }: Percentiles) {
  return ways.flatMap((how) =>
    kinds.flatMap((kind) =>
      percentileNames.map((name) => {
        const pairs = rounds
          .filter((round) => round.how === how)
          .map(({ ours, wrk }) =>
            kind === 'measured' ? [ours[name], wrk[name]] : [ours.corrected[name], wrk.corrected[name]],
          )
          .map(([ours = Number.NaN, wrk = Number.NaN]) => ({ ours, wrk, off: (ours / wrk - 1) * 100 }));
        const of = (figure: 'ours' | 'wrk' | 'off') => median(pairs.map((pair) => pair[figure]));
        const off = of('off');
        const what = `${name.slice(0, 3)}, ${kind}, ${how}`;
        return {
          what,
          ours_ms: of('ours'),
          wrk_ms: of('wrk'),
          off_percent: off,
          isReached: Math.abs(off) <= 20,
        };
      }),
    ),
  );
}

export function toPercentilesTable(compared: ReturnType<typeof comparePercentileRounds>): string {
  return formatTable([
    ['medians of the turns', 'ours, ms', 'wrk, ms', '% off, goal ± 20', ''],
    ...compared.map(({ what, ours_ms, wrk_ms, off_percent, isReached }) => [
      what,
      ...[ours_ms, wrk_ms].map((ms) => ms.toFixed(2)),
      off_percent.toFixed(1),
      isReached ? 'reached' : 'NOT REACHED',
    ]),
  ]);
}
