import type { Feature, Incident } from '@sensor-sentinel/contracts';
import type { Annotation, Shape, YAxisName } from 'plotly.js';
import type { PlotLayout } from '../charts/plot.tsx';
import {
  type NormalRanges,
  type PlotPalette,
  toBaseLayout,
  toLegendShape,
  toPlotText,
} from '../charts/plot-style.ts';
import { toEndedAt } from '../incidents/describe-incident.ts';
import type { TimeWindow } from '../time/time-window.ts';
import { toWallMs, type Zone } from '../time/zone.ts';
import type { SeriesPoints } from './use-series.ts';

export type IncidentSpan = Pick<Incident, 'state' | 'started_at' | 'resolved' | 'cleared_at'>;

interface LayoutOptions {
  points: SeriesPoints;
  window: TimeWindow;
  zone: Zone;
  features: readonly Feature[];
  incidents: readonly IncidentSpan[];
  normalRanges: NormalRanges;
  palette: PlotPalette;
}

export const rowHeight = 180;
const titleHeight = 28;

/** A chart per feature, one above the other, with a shared time axis. */
export function toLayout(options: LayoutOptions): PlotLayout {
  const { window, features, palette } = options;
  const titleShare = titleHeight / rowHeight;
  return {
    ...toBaseLayout(palette, { fixedrange: true, nticks: 5 }),
    margin: { l: 48, r: 12, t: 8, b: 36 },
    hovermode: 'x unified',
    hoversubplots: 'axis',
    // Each chart has room for its title above it.
    grid: {
      ...{ rows: features.length, columns: 1, pattern: 'coupled', ygap: 1.25 * titleShare },
      domain: { y: [0, 1 - titleShare / features.length] },
    },
    xaxis: {
      type: 'date',
      range: toRange(options),
      // The window in the URL wins over a zoom of Plotly, which puts its window there.
      uirevision: `${window.from} ${window.to}`,
      hoverformat: '%Y-%m-%d %H:%M:%S',
      showspikes: true,
      spikemode: 'across',
      spikesnap: 'hovered data',
      spikedash: 'solid',
      spikethickness: 1,
      spikecolor: palette.muted,
    },
    annotations: features.map((feature, row) => toTitle(feature, row, palette)),
    shapes: [...toIncidentShapes(options), ...toNormalShapes(options)],
  };
}

type YAxis = Exclude<YAxisName, `${string} domain`>;

/** `y`, `y2`, `y3` … */
export function toYAxis(row: number): YAxis {
  return row === 0 ? 'y' : (`y${row + 1}` as YAxis); // Plotly's types count up to 999
}

/** A window in which clocks go back may begin later on the clock than it ends: then the range is that of its points. */
function toRange({ window, zone, points }: LayoutOptions): [number, number] {
  const [fromMs, toMs] = [Date.parse(window.from), Date.parse(window.to)];
  const ends = [toWallMs(fromMs, zone), toWallMs(toMs, zone)] as const;
  if (ends[1] - ends[0] === toMs - fromMs) return [ends[0], ends[1]];
  const walls = points.lines.flatMap((line) => line.points.map(({ timeMs }) => toWallMs(timeMs, zone)));
  return [Math.min(...ends, ...walls), Math.max(...ends, ...walls)];
}

function toTitle({ title, unit }: Feature, row: number, { text }: PlotPalette): Partial<Annotation> {
  const ofUnit = unit === '' ? '' : ` (${toPlotText(unit)})`;
  return {
    text: `<b>${toPlotText(title)}</b>${ofUnit}`,
    ...{ yref: `${toYAxis(row)} domain`, y: 1 },
    ...{ xref: 'paper', x: 0, xanchor: 'left', yanchor: 'bottom', showarrow: false },
    font: { color: text },
  };
}

/** As a share of the window. Shorter incidents would be a line, which the marks show better. */
const shortestShare = 0.003;

/** Bands over all charts, one for incidents that overlap. A firing incident extends to the end of the window. */
function toIncidentShapes({ incidents, window, zone, palette }: LayoutOptions): Partial<Shape>[] {
  const [fromMs, toMs] = [Date.parse(window.from), Date.parse(window.to)];
  const spans = incidents.map((incident) => {
    const endedAt = toEndedAt(incident);
    const startMs = Math.max(fromMs, Date.parse(incident.started_at));
    return { startMs, endMs: endedAt === null ? toMs : Math.min(toMs, Date.parse(endedAt)) };
  });
  const bands: typeof spans = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = bands.at(-1);
    if (last === undefined || span.startMs > last.endMs) bands.push(span);
    else last.endMs = Math.max(last.endMs, span.endMs);
  }
  const wide = bands.filter(({ startMs, endMs }) => endMs - startMs >= (toMs - fromMs) * shortestShare);
  return wide.map(({ startMs, endMs }, place) =>
    toLegendShape('Incident', place === 0, {
      ...{ xref: 'x', x0: toWallMs(startMs, zone), x1: toWallMs(endMs, zone), yref: 'paper', y0: 0, y1: 1 },
      fillcolor: palette.incident,
    }),
  );
}

function toNormalShapes({ features, normalRanges, palette }: LayoutOptions): Partial<Shape>[] {
  const known = features.flatMap(({ name }, row) => {
    const range = normalRanges[name];
    return range === undefined ? [] : [{ ...range, yref: toYAxis(row) }];
  });
  return known.map(({ low, high, yref }, place) =>
    toLegendShape('Usual range', place === 0, {
      ...{ xref: 'paper', x0: 0, x1: 1, yref, y0: low, y1: high },
      fillcolor: palette.normalRange,
    }),
  );
}
