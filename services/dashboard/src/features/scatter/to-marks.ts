import type { Size } from '../charts/use-size.ts';
import { toValueScale, type ValueScale } from '../charts/value-scale.ts';
import { toLeastRange } from '../types/format-feature.ts';
import type { Axes } from './scatter-axes.ts';
import type { ScatterPoint } from './to-scatter-points.ts';

/** Space for the axis labels, in pixels. `left` has room for three digits. */
export const scatterMargin = { left: 44, right: 10, top: 8, bottom: 38 } as const;

const digitWidth = 7;

const most = 5;
const radius = 2.5;

export interface ScatterScales {
  x: ValueScale;
  y: ValueScale;
  /** The left end of the x axis, in pixels. */
  left: number;
  /** From a value to pixels. */
  toX: (value: number) => number;
  toY: (value: number) => number;
  /** From pixels to a value. */
  fromX: (pixels: number) => number;
  fromY: (pixels: number) => number;
}

export function toScales(
  points: readonly ScatterPoint[],
  axes: Axes,
  { width, height }: Size,
): ScatterScales {
  const { right, top, bottom } = scatterMargin;
  const toScale = (axis: 'x' | 'y') => {
    const values = points.map((point) => point[axis]);
    return toValueScale(values, { most, least: toLeastRange(axes[axis]) });
  };
  const [x, y] = [toScale('x'), toScale('y')];
  const digits = y.ticks.map((tick) => String(tick).replace('.', '').length);
  const left = scatterMargin.left + digitWidth * Math.max(0, Math.max(...digits) - 3);
  const perX = (width - left - right) / (x.high - x.low);
  const perY = (height - top - bottom) / (y.high - y.low);
  return {
    x,
    y,
    left,
    toX: (value) => left + (value - x.low) * perX,
    toY: (value) => top + (y.high - value) * perY,
    fromX: (pixels) => x.low + (pixels - left) / perX,
    fromY: (pixels) => y.high - (pixels - top) / perY,
  };
}

/** SVG paths for all points: circles for normal and for unscored readings, diamonds for anomalies. */
export function toMarks(points: readonly ScatterPoint[], { toX, toY }: ScatterScales) {
  const normal: string[] = [];
  const anomalous: string[] = [];
  const unscored: string[] = [];
  for (const point of points) {
    const x = toX(point.x).toFixed(1);
    const y = toY(point.y).toFixed(1);
    if (point.prediction === 1) anomalous.push(`M${x} ${y}m-4 0l4 -4l4 4l-4 4z`);
    else
      (point.prediction === null ? unscored : normal).push(
        `M${x} ${y}m-${radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 -${2 * radius} 0z`,
      );
  }
  return { normal: normal.join(''), anomalous: anomalous.join(''), unscored: unscored.join('') };
}
