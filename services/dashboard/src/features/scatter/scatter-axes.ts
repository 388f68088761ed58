import type { Feature } from '@sensor-sentinel/contracts';
import type { UrlState } from '../url-state/url-state.ts';

/** The features on the axes. */
export interface Axes {
  x: Feature;
  y: Feature;
}

/** The chosen features, by default the second one against the first; null if the type has only one feature. */
export function toScatterAxes(features: readonly Feature[], chosen: UrlState['scatter']): Axes | null {
  const [first, second] = features;
  if (first === undefined || second === undefined) return null;
  const find = (name: string | null) => features.find((feature) => feature.name === name);
  return { x: find(chosen.x) ?? second, y: find(chosen.y) ?? first };
}

/** Puts a feature on an axis. The axes are swapped if it is on the other one. */
export function withAxis(axes: Axes, axis: 'x' | 'y', name: string): UrlState['scatter'] {
  const other = axis === 'x' ? 'y' : 'x';
  const otherName = axes[other].name === name ? axes[axis].name : axes[other].name;
  return axis === 'x' ? { x: name, y: otherName } : { x: otherName, y: name };
}
