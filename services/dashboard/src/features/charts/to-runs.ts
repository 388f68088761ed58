import type { Series } from '@sensor-sentinel/contracts';

/** A range of points that a line may connect; `to` is exclusive. */
export interface Run {
  from: number;
  to: number;
}

/** The points of a series between its gaps. */
export function toRuns({ timestamp, gaps }: Pick<Series, 'timestamp' | 'gaps'>): Run[] {
  const startsAfterGap = new Set(gaps.map(({ to }) => to));
  const starts = Array.from(timestamp.keys()).filter((index) => {
    const time = timestamp[index];
    return time !== timestamp[index - 1] && (index === 0 || (time !== undefined && startsAfterGap.has(time)));
  });
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? timestamp.length }));
}

/** The parts of the runs in which a feature has values. A missing value interrupts the line. */
export function splitRuns(runs: readonly Run[], column: readonly (number | null)[]): Run[] {
  return runs.flatMap((run) => {
    const parts: Run[] = [];
    for (let index = run.from; index < run.to; index++) {
      if ((column[index] ?? null) === null) continue;
      const last = parts.at(-1);
      if (last?.to === index) last.to = index + 1;
      else parts.push({ from: index, to: index + 1 });
    }
    return parts;
  });
}

/** Concatenates the values of all runs, with a null between two runs. */
export function joinRuns<Value>(
  runs: readonly Run[],
  toValues: (run: Run) => readonly Value[],
): (Value | null)[] {
  return runs.flatMap((run, index) => (index === 0 ? [...toValues(run)] : [null, ...toValues(run)]));
}

/** The points that are a run of their own. */
export function listAlone(runs: readonly Run[]): number[] {
  return runs.filter(({ from, to }) => to - from === 1).map(({ from }) => from);
}
