import type { Feature } from '@sensor-sentinel/contracts';
import type { Data, ScatterData } from 'plotly.js';
import { mostMarks, type PlotPalette, toMarks, toPlotText, toValueTemplate } from '../charts/plot-style.ts';
import { toWallMs, type Zone } from '../time/zone.ts';
import { listAnomalies, type SeriesLine, type SeriesPoints, toColumn, toExtremes } from './use-series.ts';

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
export function toTraces(points: SeriesPoints, options: TraceOptions): Data[] {
  const { features, palette, zone } = options;
  const walls = points.lines.map(({ timesMs }) => timesMs.map((timeMs) => toWallMs(timeMs, zone)));
  return features.flatMap((feature, row) => {
    const lines = points.lines.map((line, place): DrawnLine => {
      const column = toColumn(line.series, feature.name);
      const x = walls[place] ?? [];
      const color = palette.lines[place % palette.lines.length] ?? palette.lines[0];
      const among = points.lines.length > 1 ? line.sensor : null;
      return { line, feature, column, x, path: listPath(line, x, column), color, among };
    });
    const traces = [
      ...(lines.length === 1 ? lines.flatMap((line) => toEnvelope(line, palette)) : []),
      ...lines.flatMap(toLineTraces),
      ...(points.isScored ? [toAnomalyTrace(points, feature, options)] : []),
    ];
    const yaxis = row === 0 ? 'y' : `y${row + 1}`;
    return traces.map((trace): Data => ({ showlegend: row === 0, ...trace, yaxis }));
  });
}

/** The places of the points in order; null where the line is interrupted. */
type Path = readonly (number | null)[];

interface DrawnLine {
  line: SeriesLine;
  feature: Feature;
  column: readonly (number | null)[];
  x: readonly number[];
  path: Path;
  color: string;
  /** The name of the sensor, if there are several; else null. */
  among: string | null;
}

/** A line is interrupted at gaps, at missing values, and where clocks go back. */
function listPath({ series }: SeriesLine, x: readonly number[], column: readonly (number | null)[]): Path {
  const { gaps, timestamp } = series;
  const startsAfterGap = new Set(gaps.map(({ to }) => to));
  return timestamp.flatMap((time, index) => {
    const isFirst = time !== timestamp[index - 1] && startsAfterGap.has(time);
    const goesBack = (x[index] ?? 0) < (x[index - 1] ?? Number.NEGATIVE_INFINITY);
    const place = (column[index] ?? null) === null ? null : index;
    return isFirst || goesBack ? [null, place] : [place];
  });
}

function pick<Value>(column: readonly Value[], path: Path): (Value | null)[] {
  return path.map((place) => (place === null ? null : (column[place] ?? null)));
}

/** The parts of a line between its interruptions. */
function splitRuns(path: Path): number[][] {
  const runs: number[][] = [];
  for (const [at, place] of path.entries()) {
    if (place === null) continue;
    if ((path[at - 1] ?? null) === null) runs.push([place]);
    else runs.at(-1)?.push(place);
  }
  return runs;
}

/** A line, and dots for the points without a neighbor. */
function toLineTraces({ line, feature, column, x, path, color, among }: DrawnLine): Partial<ScatterData>[] {
  const { series, sensor } = line;
  const isBucketed = series.resolution !== 'reading';
  const { lowest, highest } = toExtremes(series, feature.name);
  const ranges = column.map((_, index) => [lowest[index] ?? null, highest[index] ?? null]);
  const plain = { ...feature, unit: '' };
  const value = toValueTemplate('y', feature, column);
  const low = toValueTemplate('customdata[0]', plain, column);
  const high = toValueTemplate('customdata[1]', plain, column);
  const text = isBucketed ? `mean ${value} (${low} to ${high})` : value;
  const ofSensor = among === null ? '' : ` · ${toPlotText(among)}`;
  const name = sensor ?? (isBucketed ? 'Mean' : 'Reading');
  const common = { type: 'scatter', legendgroup: `line ${name}` } as const;
  const alone = splitRuns(path).filter((run) => run.length === 1);
  const dots: Partial<ScatterData> = {
    ...common,
    mode: 'markers',
    showlegend: false,
    x: pick(x, alone.flat()),
    y: pick(column, alone.flat()),
    marker: { color, size: 5 },
    hoverinfo: 'skip',
  };
  return [
    {
      ...common,
      mode: 'lines',
      name: toPlotText(name),
      x: pick(x, path),
      y: pick(column, path),
      connectgaps: false,
      line: { color, width: 1.5 },
      // A bucket is hovered with its extremes.
      ...(isBucketed && { customdata: pick(ranges, path) as number[][] }),
      hovertemplate: `${toPlotText(feature.title)} ${text}${ofSensor}<extra></extra>`,
    },
    ...(alone.length > 0 ? [dots] : []),
  ];
}

/** From minimum to maximum: there and back, separately between the interruptions of the line. */
function toEnvelope(
  { line, feature, x, path }: DrawnLine,
  { envelope }: PlotPalette,
): Partial<ScatterData>[] {
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

/** The anomalies of all lines as one trace; a click on one opens its explanation. */
function toAnomalyTrace(
  { lines }: SeriesPoints,
  feature: Feature,
  { features, palette, zone }: TraceOptions,
): Partial<ScatterData> {
  const anomalies = lines.flatMap((line) =>
    listAnomalies(line, feature.name).map((anomaly) => ({ ...anomaly, sensor: line.sensor })),
  );
  const values = anomalies.map(({ value }) => value);
  const value = toValueTemplate('y', feature, values);
  const most = Math.round(mostMarks / features.length);
  return {
    ...toMarks(1, { count: anomalies.length, most }, palette),
    x: anomalies.map(({ timeMs }) => toWallMs(timeMs, zone)),
    y: values,
    customdata: anomalies.map(({ id }) => id),
    text: anomalies.map(({ sensor }) =>
      sensor === null || lines.length === 1 ? '' : ` · ${toPlotText(sensor)}`,
    ),
    hovertemplate: `<b>Anomaly</b>: ${toPlotText(feature.title)} ${value}%{text}<extra></extra>`,
  };
}
