import type { Feature } from '@sensor-sentinel/contracts';
import { formatCount } from '../../ui/format-number.ts';
import type { SeriesPoints } from '../charts/series-points.ts';
import { countStretches, toStretches, toStretchValues } from '../charts/stretches.ts';
import { toDateTimeText } from '../time/format-time.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { Zone } from '../time/zone.ts';
import { formatValue, toTitleWithUnit } from '../types/format-feature.ts';

const most = 30;

export function toSeriesColumns(features: readonly Feature[]): string[] {
  const titles = features.map((feature) => `${toTitleWithUnit(feature)}: mean (min to max)`);
  return ['From', 'Readings', 'Anomalies', ...titles];
}

/** The data of the charts as at most thirty table rows, latest first. */
export function listSeriesRows(
  points: SeriesPoints,
  { from, to, zone }: TimeWindow & { zone: Zone },
  features: readonly Feature[],
): string[][] {
  const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  const stretches = toStretches(points, span, countStretches(points, span, most));
  return stretches.toReversed().map((stretch) => [
    toDateTimeText(new Date(stretch.fromMs), zone),
    formatCount(stretch.readings),
    points.isScored ? formatCount(stretch.anomalies) : '–',
    ...features.map((feature) => {
      const values = toStretchValues(points, stretch, feature.name);
      if (values === null) return '–';
      const [mean, min, max] = [values.mean, values.min, values.max].map((value) =>
        formatValue(value, feature),
      );
      return `${mean} (${min} to ${max})`;
    }),
  ]);
}
