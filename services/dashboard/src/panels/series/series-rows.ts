import { features } from '@sensor-sentinel/contracts';
import { formatCount, formatDecimal } from '../../format/format-number.ts';
import { toDateTimeText } from '../../format/format-time.ts';
import type { SeriesPoints } from '../../plot/series-points.ts';
import { countStretches, toStretches } from '../../plot/stretches.ts';
import type { TimeWindow } from '../../time/time-window.ts';
import type { Zone } from '../../time/zone.ts';

const most = 30;

export const seriesColumns = [
  'From',
  'Readings',
  'Anomalies',
  ...features.map(({ title, unit }) => `${title} (${unit}): mean (min to max)`),
];

/** The data of the charts as at most thirty table rows, latest first. */
export function listSeriesRows(points: SeriesPoints, { from, to }: TimeWindow, zone: Zone): string[][] {
  const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  const stretches = toStretches(points, span, countStretches(points, span, most));
  return stretches.toReversed().map(({ fromMs, readings, anomalies, values }) => [
    toDateTimeText(new Date(fromMs), zone),
    formatCount(readings),
    formatCount(anomalies),
    ...features.map(({ name }) => {
      if (values === null) return '–';
      const { min, max, mean } = values[name];
      return `${formatDecimal(mean)} (${formatDecimal(min)} to ${formatDecimal(max)})`;
    }),
  ]);
}
