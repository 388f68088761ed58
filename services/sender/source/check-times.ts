import type { LayoutTime } from './layout-time.ts';

const dayMs = 86_400_000;
/** A sender's clock may be behind that of a logger. */
const maxAheadMs = 5 * 60_000;
/** Clocks of loggers that were not set begin in 1970, 1980 or 2000. */
const firstPlausibleMs = Date.UTC(2001, 0, 1);
/** No sensor pauses for so long: its clock was set. */
const maxPauseMs = 366 * dayMs;

interface TimedRow {
  line: number;
  timestampMs: number | undefined;
}

/** Sensors whose times are compared. */
const maxSensors = 2000;

interface Finding {
  rows: number;
  first: TimedRow;
  before: TimedRow;
}

/** Looks for times that a logger without a set clock writes, or a time zone that is wrong. */
export function createTimeCheck({ name, nowMs }: { name: string; nowMs: number }) {
  const findings = new Map<'early' | 'future' | 'jump' | 'back', Finding>();
  let longest: { pauseMs: number; line: number } = { pauseMs: 0, line: 0 };
  let previous: TimedRow = { line: 0, timestampMs: undefined };
  const lastTimes = new Map<string, number>();
  const steps = { all: 0, none: 0 };

  function note(kind: 'early' | 'future' | 'jump' | 'back', first: TimedRow): void {
    const known = findings.get(kind) ?? { rows: 0, first, before: previous };
    findings.set(kind, { ...known, rows: known.rows + 1 });
  }

  return {
    add(row: TimedRow & { reading: { sensor_id: string } }): void {
      const { timestampMs: ms } = row;
      if (ms === undefined) return;
      const last = lastTimes.get(row.reading.sensor_id);
      if (last !== undefined) steps.all += 1;
      if (last === ms) steps.none += 1;
      if (last !== undefined || lastTimes.size < maxSensors) lastTimes.set(row.reading.sensor_id, ms);
      if (ms < firstPlausibleMs) note('early', row);
      if (ms > nowMs + maxAheadMs) note('future', row);
      const pauseMs = ms - (previous.timestampMs ?? ms);
      if (pauseMs > dayMs) note('jump', row);
      if (pauseMs < -dayMs) note('back', row);
      if (pauseMs > longest.pauseMs) longest = { pauseMs, line: row.line };
      previous = row;
    },
    /** A pause in which nothing would be sent for more than a year. */
    endlessPause: () =>
      longest.pauseMs > maxPauseMs
        ? `${name}:${longest.line}: ${toPause(longest.pauseMs)} after the row before`
        : undefined,
    describe(time: LayoutTime): string[] {
      const { repeated, missing, unknown } = time.clock.counts;
      return [
        ...[...findings].map(([kind, finding]) => `${name}:${describeFinding(kind, finding)}`),
        ...(steps.none * 2 > steps.all
          ? [
              `${name}: most rows of a sensor have the same time as the row before; are the times rounded, or in further columns? --columns "timestamp=Date+Time" joins columns`,
            ]
          : []),
        ...(repeated > 0
          ? [
              `${name}: ${repeated} times in the hour that repeats at the end of daylight saving time, taken in their order`,
            ]
          : []),
        ...(unknown > 0
          ? [
              `${name}: ${unknown} of them taken for the first of the two hours, as the order of so many sensors is not kept`,
            ]
          : []),
        ...(missing > 0
          ? [
              `${name}: ${missing} times in the hour that is missing at the start of daylight saving time; is ${time.timeZone} their time zone?`,
            ]
          : []),
      ];
    },
  };
}

function describeFinding(kind: string, { rows, first, before }: Finding): string {
  const at = new Date(first.timestampMs ?? 0).toISOString();
  const others = rows > 1 ? `, and ${rows - 1} more` : '';
  const pause = toPause(Math.abs((first.timestampMs ?? 0) - (before.timestampMs ?? 0)));
  switch (kind) {
    case 'early':
      return `${first.line}: ${at} is before 2001${others}: was the clock of the logger set?`;
    case 'future':
      return `${first.line}: ${at} is in the future${others}: is the clock of the logger right, and the time zone?`;
    case 'jump':
      return `${first.line}: ${at} is ${pause} after line ${before.line}${others}; --max-gap shortens pauses`;
    default:
      return `${first.line}: ${at} is ${pause} before line ${before.line}${others}`;
  }
}

function toPause(ms: number): string {
  return `${Math.round((ms / dayMs) * 10) / 10} days`;
}
