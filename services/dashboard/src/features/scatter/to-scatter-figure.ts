import type { Data, ScatterData } from 'plotly.js';
import type { PlotLayout, Traces } from '../charts/plot.tsx';
import {
  type NormalRange,
  type PlotPalette,
  toBaseAxis,
  toBaseLayout,
  toLegendShape,
  toPlotText,
  toValueTemplate,
} from '../charts/plot-style.ts';
import { toPredictionTitle } from '../readings/prediction-label.tsx';
import { toTitleWithUnit } from '../types/format-feature.ts';
import { listPredictions } from './describe-scatter.ts';
import type { Axes, ScatterPoint } from './scatter-points.ts';

/** A trace per prediction: circles for normal and for unscored readings, diamonds for anomalies. */
export function toScatterTraces(points: readonly ScatterPoint[], axes: Axes, palette: PlotPalette): Traces {
  const values = (['y', 'x'] as const).map((axis) => {
    const column = points.map((point) => point[axis]);
    return `${toPlotText(axes[axis].title)} ${toValueTemplate(axis, axes[axis], column)}`;
  });
  return listPredictions(points).map((prediction): Data => {
    const of = points.filter((point) => point.prediction === prediction);
    const name = toPredictionTitle(prediction);
    return {
      type: 'scatter',
      mode: 'markers',
      name,
      x: of.map(({ x }) => x),
      y: of.map(({ y }) => y),
      customdata: of.map(({ id }) => id),
      marker: toMarker(prediction, palette),
      hovertemplate: `${values.join('<br>')}<br>${name}<extra></extra>`,
    };
  });
}

function toMarker(
  prediction: ScatterPoint['prediction'],
  palette: PlotPalette,
): NonNullable<ScatterData['marker']> {
  if (prediction === null) return { symbol: 'circle-open', size: 6, color: palette.unscored };
  if (prediction === 0) return { size: 6, opacity: 0.5, color: palette.lines[0] };
  return { symbol: 'diamond', size: 9, color: palette.anomaly, line: { color: palette.surface, width: 1 } };
}

interface LayoutOptions {
  /** By the name of the feature; null if unknown. */
  normalRanges: Readonly<Record<string, NormalRange>> | null;
  palette: PlotPalette;
}

export function toScatterLayout({ x, y }: Axes, { normalRanges, palette }: LayoutOptions): PlotLayout {
  const [across, upwards] = [normalRanges?.[x.name], normalRanges?.[y.name]];
  const axis = { ...toBaseAxis(palette), automargin: true, nticks: 6 };
  return {
    ...toBaseLayout(palette),
    uirevision: `${x.name} ${y.name}`,
    margin: { l: 40, r: 10, t: 8, b: 36 },
    hovermode: 'closest',
    xaxis: { ...axis, title: { text: toPlotText(toTitleWithUnit(x)), standoff: 6 } },
    yaxis: { ...axis, title: { text: toPlotText(toTitleWithUnit(y)), standoff: 6 } },
    shapes:
      across === undefined || upwards === undefined
        ? []
        : [
            toLegendShape('Normal range in training', true, {
              ...{ x0: across.low, x1: across.high, y0: upwards.low, y1: upwards.high },
              fillcolor: palette.normalRange,
            }),
          ],
  };
}
