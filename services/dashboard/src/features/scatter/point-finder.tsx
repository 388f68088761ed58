import { type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react';
import type { Size } from '../charts/use-size.ts';
import { describePlace, findNearest, type Place, type Step, stepFrom, toPlaces } from './places.ts';
import type { Axes } from './scatter-axes.ts';
import styles from './scatter-panel.module.css';
import type { ScatterScales } from './to-marks.ts';
import type { ScatterPoint } from './to-scatter-points.ts';

/** A mark further from the pointer is not selected. */
const reachPx = 24;

const farthest = Number.MAX_SAFE_INTEGER;
const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['ArrowLeft', { axis: 'x', by: -1 }],
  ['ArrowRight', { axis: 'x', by: 1 }],
  ['ArrowDown', { axis: 'y', by: -1 }],
  ['ArrowUp', { axis: 'y', by: 1 }],
  ['PageDown', { axis: 'x', by: -10 }],
  ['PageUp', { axis: 'x', by: 10 }],
  ['Home', { axis: 'x', by: -farthest }],
  ['End', { axis: 'x', by: farthest }],
]);

interface PointFinderProps {
  points: readonly ScatterPoint[];
  axes: Axes;
  scales: ScatterScales;
  size: Size;
}

/** Overlay of the scatter plot that describes the mark at the pointer or keyboard position. */
export function PointFinder({ points, axes, scales, size }: PointFinderProps) {
  const places = useMemo(() => toPlaces(points), [points]);
  // Stored as values, because marks change as readings arrive.
  const [target, setTarget] = useState<Pick<Place, 'x' | 'y'> | null>(null);
  const place = target === null ? null : findNearest(places, target, { scales });
  const lines = place === null ? [] : describePlace(place, axes);

  function point(event: PointerEvent<HTMLElement>) {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const values = { x: scales.fromX(event.clientX - left), y: scales.fromY(event.clientY - top) };
    setTarget(findNearest(places, values, { scales, withinPx: reachPx }));
  }

  function press(event: KeyboardEvent) {
    const step = steps.get(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') setTarget(null);
    else if (step !== undefined) setTarget(stepFrom(places, place, step) ?? null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      className={styles.finder}
      role="slider"
      tabIndex={0}
      aria-label="Point"
      aria-valuemin={1}
      aria-valuemax={places.length}
      aria-valuenow={place === null ? 1 : places.indexOf(place) + 1}
      aria-valuetext={place === null ? 'No point selected' : lines.join(', ')}
      aria-description="Arrow keys move between points horizontally and vertically"
      onKeyDown={press}
      onPointerDown={point}
      onPointerMove={point}
      onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setTarget(null)}
      onBlur={() => setTarget(null)}
    >
      {place !== null && (
        <Found lines={lines} at={{ x: scales.toX(place.x), y: scales.toY(place.y) }} size={size} />
      )}
    </div>
  );
}

interface FoundProps {
  lines: readonly string[];
  at: { x: number; y: number };
  size: Size;
}

/** Places the note on the side of the mark that has room. */
function Found({ lines, at, size }: FoundProps) {
  const across = at.x / size.width;
  const isBelow = at.y < size.height / 2;
  return (
    <>
      <div className={styles.ring} style={{ left: at.x, top: at.y }} />
      <div
        className={styles.found}
        aria-hidden="true"
        style={{
          left: at.x,
          top: at.y,
          transform: `translate(${-100 * across}%, ${isBelow ? '12px' : 'calc(-100% - 12px)'})`,
        }}
      >
        {lines.map((line) => (
          <div key={line}>{line}</div>
        ))}
      </div>
    </>
  );
}
