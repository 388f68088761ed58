export const minuteMs = 60_000;
export const hourMs = 3_600_000;

/** What a stretch of a window is read from; `delta`: what waits to be folded into its minutes or hours. */
export type Level = 'reading' | 'minute' | 'hour' | 'delta';

/** From `fromMs` up to but not including `toMs`; infinite where the window is open. */
export interface Range {
  fromMs: number;
  toMs: number;
}

export interface Segment extends Range {
  level: Level;
}

/** Before these whole hours retention has taken readings, minutes and hours away; -Infinity: before none. */
export interface Horizons {
  readings: number;
  minutes: number;
  hours: number;
}

/** Which stretches are read from what, and the window that they make up. */
export interface Plan {
  counted: Range;
  segments: readonly Segment[];
}

export const nothingRemoved: Horizons = { readings: -Infinity, minutes: -Infinity, hours: -Infinity };

const stepMs = { hour: hourMs, minute: minuteMs, reading: 1 };
type Step = keyof typeof stepMs;

function floorTo(timeMs: number, step: number): number {
  return Math.floor(timeMs / step) * step;
}

function ceilTo(timeMs: number, step: number): number {
  return Math.ceil(timeMs / step) * step;
}

function finestStepAt(timeMs: number, { readings, minutes }: Horizons): number {
  if (timeMs >= readings) return stepMs.reading;
  return timeMs >= minutes ? stepMs.minute : stepMs.hour;
}

/** Both ends rounded outwards to what is left there of readings, minutes and hours. */
export function toCounted({ fromMs, toMs }: Range, horizons: Horizons): Range {
  const oldestMs = Math.max(fromMs, horizons.hours);
  return {
    fromMs: floorTo(oldestMs, finestStepAt(oldestMs, horizons)),
    toMs: ceilTo(toMs, finestStepAt(toMs - 1, horizons)),
  };
}

/** Whole hours in the middle, whole minutes beside them, readings at the ends; of the given levels only. */
export function toSegments(
  { fromMs, toMs }: Range,
  [level = 'reading', ...finer]: readonly Step[] = ['hour', 'minute', 'reading'],
): Segment[] {
  if (fromMs >= toMs) return [];
  const firstMs = ceilTo(fromMs, stepMs[level]);
  const endMs = floorTo(toMs, stepMs[level]);
  if (firstMs >= endMs) return toSegments({ fromMs, toMs }, finer);
  return [
    ...toSegments({ fromMs, toMs: firstMs }, finer),
    { level, fromMs: firstMs, toMs: endMs },
    ...toSegments({ fromMs: endMs, toMs }, finer),
  ];
}

export function planWindow(asked: Range, horizons: Horizons): Plan {
  const counted = toCounted(asked, horizons);
  return { counted, segments: toSegments(counted) };
}
