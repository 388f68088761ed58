import type { Data } from 'plotly.js';
import type { PlotLayout } from '../charts/plot.tsx';
import {
  mostMarks,
  type NormalRanges,
  type PlotPalette,
  toBaseLayout,
  toLegendShape,
  toMarks,
  toPlotText,
  toValueTemplate,
} from '../charts/plot-style.ts';
import { toPredictionTitle } from '../readings/prediction-label.tsx';
import { toTitleWithUnit } from '../types/format-feature.ts';
import type { Axes, ScatterPoint } from './scatter-points.ts';

/** A trace per prediction. The legend names readings without one only if there are any. */
export function toScatterTraces(points: readonly ScatterPoint[], axes: Axes, palette: PlotPalette): Data[] {
  const values = (['y', 'x'] as const).map((axis) => {
    const column = points.map((point) => point[axis]);
    return `${toPlotText(axes[axis].title)} ${toValueTemplate(axis, axes[axis], column)}`;
  });
  return ([0, 1, null] as const).map((prediction) => {
    const of = points.filter((point) => point.prediction === prediction);
    return {
      ...toMarks(prediction, mostMarks / 2, palette),
      showlegend: prediction !== null || of.length > 0,
      x: of.map(({ x }) => x),
      y: of.map(({ y }) => y),
      customdata: of.map(({ id }) => id),
      hovertemplate: `${values.join('<br>')}<br>${toPredictionTitle(prediction)}<extra></extra>`,
    };
  });
}

interface LayoutOptions {
  normalRanges: NormalRanges;
  palette: PlotPalette;
}

export function toScatterLayout({ x, y }: Axes, { normalRanges, palette }: LayoutOptions): PlotLayout {
  const [across, upwards] = [normalRanges[x.name], normalRanges[y.name]];
  const axis = { automargin: true, nticks: 6 };
  const usual =
    across &&
    upwards &&
    toLegendShape('Usual range', true, {
      ...{ x0: across.low, x1: across.high, y0: upwards.low, y1: upwards.high },
      fillcolor: palette.normalRange,
    });
  return {
    ...toBaseLayout(palette, {}),
    uirevision: `${x.name} ${y.name}`,
    margin: { l: 40, r: 10, t: 8, b: 36 },
    hovermode: 'closest',
    xaxis: { ...axis, title: { text: toPlotText(toTitleWithUnit(x)), standoff: 6 } },
    yaxis: { ...axis, title: { text: toPlotText(toTitleWithUnit(y)), standoff: 6 } },
    shapes: usual === undefined ? [] : [usual],
  };
}
