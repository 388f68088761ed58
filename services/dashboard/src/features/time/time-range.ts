const minuteMs = 60_000;

export const timeRanges = [
  { name: '5m', title: '5 min', durationMs: 5 * minuteMs },
  { name: '15m', title: '15 min', durationMs: 15 * minuteMs },
  { name: '1h', title: '1 h', durationMs: 60 * minuteMs },
  { name: '6h', title: '6 h', durationMs: 360 * minuteMs },
  { name: '24h', title: '24 h', durationMs: 1440 * minuteMs },
  { name: '2d', title: '2 d', durationMs: 2880 * minuteMs },
  { name: '7d', title: '7 d', durationMs: 7 * 1440 * minuteMs },
] as const;

export type TimeRangeName = (typeof timeRanges)[number]['name'];

export const defaultTimeRange: TimeRangeName = '15m';

export function toDurationMs(name: TimeRangeName): number {
  const range = timeRanges.find((candidate) => candidate.name === name);
  return range === undefined ? 15 * minuteMs : range.durationMs;
}
