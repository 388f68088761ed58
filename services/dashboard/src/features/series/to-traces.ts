import type { Feature } from '@sensor-sentinel/contracts';
import type { Data, ScatterData } from 'plotly.js';
import { mostMarks, type PlotPalette, toMarks, toPlotText, toValueTemplate } from '../charts/plot-style.ts';
import { toWallMs, type Zone } from '../time/zone.ts';
import { toYAxis } from './to-layout.ts';
import { listAnomalies, type PointValue, type SeriesLine, type SeriesPoints, toValue } from './use-series.ts';

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
  return features.flatMap((feature, row) => {
    const lines = points.lines.map((line, place): DrawnLine => {
      const color = palette.lines[place % palette.lines.length] ?? palette.lines[0];
      const isOnly = points.lines.length === 1;
      return { line, feature, color, isOnly, path: toPath(line, feature.name, zone) };
    });
    const traces = [
      ...lines.flatMap((line) => toEnvelope(line, palette)),
      ...lines.flatMap(toLineTraces),
      ...(points.isScored ? [toAnomalyTrace(points, feature, options)] : []),
    ];
    return traces.map((trace): Data => ({ showlegend: row === 0, ...trace, yaxis: toYAxis(row) }));
  });
}

interface DrawnLine {
  line: SeriesLine;
  feature: Feature;
  color: string;
  /** There are no lines of other sensors. */
  isOnly: boolean;
  path: Path;
}

interface DrawnPoint extends PointValue {
  x: number;
}

/** Null where the line is interrupted: at gaps, at missing values, and where clocks go back. */
type Path = readonly (DrawnPoint | null)[];

function toPath({ points, series }: SeriesLine, feature: string, zone: Zone): Path {
  const gapEnds = new Set(series.gaps.map(({ to }) => to));
  let [timeBefore, xBefore] = ['', Number.NEGATIVE_INFINITY];
  return points.flatMap((point) => {
    const time = series.timestamp[point.index] ?? '';
    const x = toWallMs(point.timeMs, zone);
    const isInterrupted = (time !== timeBefore && gapEnds.has(time)) || x < xBefore;
    [timeBefore, xBefore] = [time, x];
    const value = toValue(point, feature);
    const drawn = value && { x, ...value };
    return isInterrupted ? [null, drawn] : [drawn];
  });
}

/** The parts of a line between its interruptions. */
function splitRuns(path: Path): DrawnPoint[][] {
  const runs: DrawnPoint[][] = [];
  for (const [place, point] of path.entries()) {
    if (point === null) continue;
    if ((path[place - 1] ?? null) === null) runs.push([point]);
    else runs.at(-1)?.push(point);
  }
  return runs;
}

/** A line, and dots for the points without a neighbor. */
function toLineTraces({ line, feature, color, isOnly, path }: DrawnLine): Partial<ScatterData>[] {
  const { series, sensor } = line;
  const isBucketed = series.resolution !== 'reading';
  const y = path.map((point) => point?.mean ?? null);
  const toTemplate = (variable: string, unit: string) => toValueTemplate(variable, { ...feature, unit }, y);
  const value = toTemplate('y', feature.unit);
  const range = `${toTemplate('customdata[0]', '')} to ${toTemplate('customdata[1]', '')}`;
  const text = isBucketed ? `mean ${value} (${range})` : value;
  const ofSensor = isOnly || sensor === null ? '' : ` · ${toPlotText(sensor)}`;
  const name = sensor ?? (isBucketed ? 'Mean' : 'Reading');
  const common = { type: 'scatter', legendgroup: `line ${name}` } as const;
  const alone = splitRuns(path).flatMap((run) => (run.length === 1 ? run : []));
  const lineTrace: Partial<ScatterData> = {
    ...common,
    mode: 'lines',
    name: toPlotText(name),
    x: path.map((point) => point?.x ?? null),
    y,
    connectgaps: false,
    line: { color, width: 1.5 },
    // A bucket is hovered with its extremes.
    ...(isBucketed && { customdata: path.map((point) => (point ? [point.min, point.max] : [])) }),
    hovertemplate: `${toPlotText(feature.title)} ${text}${ofSensor}<extra></extra>`,
  };
  const dots: Partial<ScatterData> = {
    ...common,
    mode: 'markers',
    showlegend: false,
    x: alone.map(({ x }) => x),
    y: alone.map(({ mean }) => mean),
    marker: { color, size: 5 },
    hoverinfo: 'skip',
  };
  return alone.length === 0 ? [lineTrace] : [lineTrace, dots];
}

/** From minimum to maximum: there and back, separately between the interruptions of the line. */
function toEnvelope({ line, isOnly, path }: DrawnLine, { envelope }: PlotPalette): Partial<ScatterData>[] {
  if (line.series.resolution === 'reading' || !isOnly) return [];
  const runs = splitRuns(path);
  const name = 'Minimum to maximum';
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name,
      legendgroup: name,
      x: runs.flatMap((run) => [...[...run, ...run.toReversed()].map(({ x }) => x), null]),
      y: runs.flatMap((run) => [
        ...run.map(({ max }) => max),
        ...run.toReversed().map(({ min }) => min),
        null,
      ]),
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
    ...toMarks(1, most, palette),
    name: anomalies.length > most ? 'Anomaly (a sample)' : 'Anomaly',
    x: anomalies.map(({ timeMs }) => toWallMs(timeMs, zone)),
    y: values,
    customdata: anomalies.map(({ id }) => id),
    text: anomalies.map(({ sensor }) =>
      sensor === null || lines.length === 1 ? '' : ` · ${toPlotText(sensor)}`,
    ),
    hovertemplate: `<b>Anomaly</b>: ${toPlotText(feature.title)} ${value}%{text}<extra></extra>`,
  };
}
