import type { Feature } from '@sensor-sentinel/contracts';
import { formatValue, toTitleWithUnit } from '../../format/format-feature.ts';
import { formatCount } from '../../format/format-number.ts';
import { toDateTimeText } from '../../format/format-time.ts';
import type { SeriesPoints } from '../../plot/series-points.ts';
import { countStretches, toStretches, toStretchValues } from '../../plot/stretches.ts';
import type { TimeWindow } from '../../time/time-window.ts';
import type { Zone } from '../../time/zone.ts';

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
