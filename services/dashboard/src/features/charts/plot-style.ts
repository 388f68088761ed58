import type { Feature, NormalRange } from '@sensor-sentinel/contracts';
import type { LayoutAxis, ScatterData, Shape } from 'plotly.js';
import { useMemo } from 'react';
import type { ResolvedTheme } from '../../ui/theme/theme-provider.tsx';
import { useModel } from '../models/use-model.ts';
import { toPredictionTitle } from '../readings/prediction-label.tsx';
import { toDigits } from '../types/format-feature.ts';
import type { PlotLayout } from './plot.tsx';

/** The colors of styles/tokens.css, because Plotly does not support CSS custom properties. */
export interface PlotPalette {
  surface: string;
  text: string;
  muted: string;
  grid: string;
  /** Of one sensor each: distinct for color-blind people, and from anomalies. */
  lines: readonly [string, ...string[]];
  /** Fill from minimum to maximum: the first line color, translucent. */
  envelope: string;
  anomaly: string;
  unscored: string;
  normalRange: string;
  incident: string;
}

export const plotPalettes: Record<ResolvedTheme, PlotPalette> = {
  light: {
    surface: '#ffffff',
    text: '#17212b',
    muted: '#52606d',
    grid: '#e6eaee',
    lines: ['#3f7fb5', '#117733', '#aa4499', '#332288', '#8a7a12', '#2a9d8f'],
    envelope: 'rgba(63, 127, 181, 0.28)',
    anomaly: '#d0561f',
    unscored: '#52606d',
    normalRange: 'rgba(11, 110, 79, 0.09)',
    incident: 'rgba(208, 86, 31, 0.13)',
  },
  dark: {
    surface: '#171e26',
    text: '#e4eaf0',
    muted: '#a0adba',
    grid: '#252f39',
    lines: ['#5b9fd6', '#eedd88', '#44bb99', '#ffaabb', '#b3a2f2', '#b5c833'],
    envelope: 'rgba(91, 159, 214, 0.28)',
    anomaly: '#f28a56',
    unscored: '#a0adba',
    normalRange: 'rgba(76, 196, 154, 0.1)',
    incident: 'rgba(242, 138, 86, 0.14)',
  },
};

/** What the layouts of all charts have in common; `yaxis` is for all their y axes. */
export function toBaseLayout(palette: PlotPalette, yaxis: Partial<LayoutAxis>): PlotLayout {
  const { surface, text, muted, grid } = palette;
  const axis = { zeroline: false, gridcolor: grid, color: muted };
  return {
    template: { layout: { xaxis: axis, yaxis: { ...axis, automargin: true, ...yaxis } } },
    paper_bgcolor: surface,
    plot_bgcolor: surface,
    font: { family: 'system-ui, sans-serif', color: muted },
    hoverlabel: { bgcolor: surface, bordercolor: muted, font: { color: text }, namelength: -1 },
    showlegend: true,
    legend: { orientation: 'h', x: 0, y: 1, yref: 'container', yanchor: 'top' },
    // Keeps what a person has hidden by the legend, and the zoom.
    uirevision: 'kept',
  };
}

/** A shape with an entry in the legend; `isListed`: shapes of the same name share one. */
export function toLegendShape(name: string, isListed: boolean, shape: Partial<Shape>): Partial<Shape> {
  return { layer: 'below', line: { width: 0 }, name, legendgroup: name, showlegend: isListed, ...shape };
}

/** By the name of the feature; undefined where the model has none. */
export type NormalRanges = Readonly<Record<string, NormalRange | undefined>>;

/** The normal ranges in the training data of the model in use. */
export function useNormalRanges(): NormalRanges {
  const features = useModel().data?.features;
  return useMemo(
    () => Object.fromEntries((features ?? []).map(({ name, normal_range }) => [name, normal_range])),
    [features],
  );
}

/** More marks, in one chart or in several on one time axis, make the page slow. */
export const mostMarks = 600;

/** The marks of a trace. Of more than `most`, Plotly draws an even sample, but shows the values of all at the pointer. */
export function toMarks(prediction: 0 | 1 | null, most: number, palette: PlotPalette): Partial<ScatterData> {
  const name = toPredictionTitle(prediction);
  const marker = { ...toMarker(prediction, palette), maxdisplayed: most };
  return { type: 'scatter', mode: 'markers', name, legendgroup: name, marker };
}

function toMarker(prediction: 0 | 1 | null, palette: PlotPalette): NonNullable<ScatterData['marker']> {
  if (prediction === null) return { symbol: 'circle-open', size: 6, color: palette.unscored };
  if (prediction === 0) return { size: 6, opacity: 0.5, color: palette.lines[0] };
  return { symbol: 'diamond', size: 9, color: palette.anomaly, line: { color: palette.surface, width: 1 } };
}

/** A name within the text of a chart, which Plotly reads as HTML and as a template. */
export function toPlotText(name: string): string {
  return name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('%{', '% {');
}

/** A value with its unit as a part of a `hovertemplate`: `%{y:.1f} °C`. Small values have more digits: see `toDigits`. */
export function toValueTemplate(
  variable: string,
  feature: Pick<Feature, 'decimals' | 'unit'>,
  values: readonly (number | null)[],
): string {
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  const value = `%{${variable}:.${toDigits(largest, feature)}f}`;
  return feature.unit === '' ? value : `${value} ${toPlotText(feature.unit)}`;
}
