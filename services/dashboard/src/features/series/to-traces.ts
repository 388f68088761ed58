import type { Feature } from '@sensor-sentinel/contracts';
import type { Data } from 'plotly.js';
import { type PlotPalette, toPlotText, toValueTemplate } from '../charts/plot-style.ts';
import { toWallMs, type Zone } from '../time/zone.ts';
import { listAnomalies, type SeriesLine, type SeriesPoints, toColumn, toExtremes } from './series-points.ts';

interface TraceOptions {
  features: readonly Feature[];
  palette: PlotPalette;
  zone: Zone;
}

/**
 * A line per sensor and feature, a band from minimum to maximum around a single line of buckets, and the anomalies.
 *
 * Plotly labels times in UTC, so x is the wall-clock time of the zone as if it were UTC. Where clocks go forward, the skipped
 * hour is empty. Where they go back, the line is interrupted, and the repeated hour is drawn twice, one over the other.
 */
export function toTraces(points: SeriesPoints, { features, palette, zone }: TraceOptions): Data[] {
  const walls = points.lines.map(({ timesMs }) => timesMs.map((timeMs) => toWallMs(timeMs, zone)));
  return features.flatMap((feature, row) => {
    const lines = points.lines.map((line, place): DrawnLine => {
      const column = toColumn(line.series, feature.name);
      const x = walls[place] ?? [];
      const color = palette.lines[place % palette.lines.length] ?? palette.lines[0];
      const among = points.lines.length > 1 ? line.sensor : null;
      return { line, feature, column, x, path: listPath(line, x, column), color, among };
    });
    const [single] = lines.length === 1 ? lines : [];
    const traces = [
      ...(single === undefined ? [] : toEnvelope(single, palette)),
      ...lines.map(toLineTrace),
      ...(points.isScored ? [toAnomalyTrace(points, feature, { palette, zone })] : []),
    ];
    const yaxis = row === 0 ? 'y' : `y${row + 1}`;
    return traces.map((trace): Data => ({ ...trace, yaxis, showlegend: row === 0 }));
  });
}

interface DrawnLine {
  line: SeriesLine;
  feature: Feature;
  column: readonly (number | null)[];
  x: readonly number[];
  /** Of the points, in order; null where the line is interrupted. */
  path: readonly (number | null)[];
  color: string;
  /** The name of the sensor, if there are several; else null. */
  among: string | null;
}

/** A line is interrupted at gaps, at missing values, and where clocks go back. */
function listPath(
  { series: { gaps, timestamp } }: SeriesLine,
  x: readonly number[],
  column: readonly (number | null)[],
): (number | null)[] {
  const startsAfterGap = new Set(gaps.map(({ to }) => to));
  return timestamp.flatMap((time, index) => {
    const isFirst = time !== timestamp[index - 1] && startsAfterGap.has(time);
    const goesBack = (x[index] ?? 0) < (x[index - 1] ?? Number.NEGATIVE_INFINITY);
    const place = (column[index] ?? null) === null ? null : index;
    return isFirst || goesBack ? [null, place] : [place];
  });
}

function pick<Value>(column: readonly Value[], path: readonly (number | null)[]): (Value | null)[] {
  return path.map((place) => (place === null ? null : (column[place] ?? null)));
}

function toLineTrace({ line, feature, column, x, path, color, among }: DrawnLine): Partial<Data> {
  const { series, sensor } = line;
  const isAlone = path.map((_, at) => (path[at - 1] ?? null) === null && (path[at + 1] ?? null) === null);
  const isBucketed = series.resolution !== 'reading';
  const { lowest, highest } = toExtremes(series, feature.name);
  const ranges = column.map((_, index) => [lowest[index] ?? null, highest[index] ?? null]);
  const value = toValueTemplate('y', feature, column);
  const plain = { ...feature, unit: '' };
  const [low, high] = ['customdata[0]', 'customdata[1]'].map((variable) =>
    toValueTemplate(variable, plain, column),
  );
  const name = sensor ?? (isBucketed ? 'Mean' : 'Reading');
  return {
    type: 'scatter',
    mode: isAlone.includes(true) ? 'lines+markers' : 'lines',
    name: toPlotText(name),
    legendgroup: `line ${name}`,
    x: pick(x, path),
    y: pick(column, path),
    connectgaps: false,
    line: { color, width: 1.5 },
    marker: { color, size: isAlone.map((alone) => (alone ? 5 : 0)) },
    // A bucket is hovered with its extremes.
    ...(isBucketed && { customdata: pick(ranges, path) as number[][] }),
    hovertemplate: toHoverText(feature, isBucketed ? `mean ${value} (${low} to ${high})` : value, among),
  };
}

/** `Temperature 24.1 °C · boiler room` */
function toHoverText(feature: Feature, text: string, sensor: string | null): string {
  const ofSensor = sensor === null ? '' : ` · ${toPlotText(sensor)}`;
  return `${toPlotText(feature.title)} ${text}${ofSensor}<extra></extra>`;
}

/** From minimum to maximum: there and back, separately between the interruptions of the line. */
function toEnvelope({ line, feature, x, path }: DrawnLine, { envelope }: PlotPalette): Partial<Data>[] {
  if (line.series.resolution === 'reading') return [];
  const { lowest, highest } = toExtremes(line.series, feature.name);
  const around = <Value>(there: readonly Value[], back: readonly Value[]) =>
    splitRuns(path).flatMap((run) => [...pick(there, run), ...pick(back, run.toReversed()), null]);
  const name = 'Minimum to maximum';
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name,
      legendgroup: name,
      x: around(x, x),
      y: around(highest, lowest),
      fill: 'toself',
      fillcolor: envelope,
      line: { color: envelope, width: 1 },
      hoverinfo: 'skip',
    },
  ];
}

function splitRuns(path: readonly (number | null)[]): number[][] {
  const runs: number[][] = [];
  for (const [at, place] of path.entries()) {
    if (place === null) continue;
    if ((path[at - 1] ?? null) === null) runs.push([place]);
    else runs.at(-1)?.push(place);
  }
  return runs;
}

/** The anomalies of all lines as one trace; a click on one opens its explanation. */
function toAnomalyTrace(
  { lines }: SeriesPoints,
  feature: Feature,
  { palette, zone }: Pick<TraceOptions, 'palette' | 'zone'>,
): Partial<Data> {
  const anomalies = lines.flatMap((line) =>
    listAnomalies(line, feature.name).map((anomaly) => ({ ...anomaly, sensor: line.sensor })),
  );
  const name = 'Anomaly';
  const values = anomalies.map((anomaly) => anomaly.value);
  const value = toValueTemplate('y', feature, values);
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    legendgroup: name,
    x: anomalies.map(({ timeMs }) => toWallMs(timeMs, zone)),
    y: values,
    customdata: anomalies.map(({ id }) => id),
    text: anomalies.map(({ sensor }) =>
      sensor === null || lines.length === 1 ? '' : ` · ${toPlotText(sensor)}`,
    ),
    marker: {
      symbol: 'diamond',
      size: 9,
      color: palette.anomaly,
      line: { color: palette.surface, width: 1 },
    },
    hovertemplate: `<b>Anomaly</b>: ${toPlotText(feature.title)} ${value}%{text}<extra></extra>`,
  };
}
