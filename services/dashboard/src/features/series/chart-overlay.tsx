import { type KeyboardEvent, useRef } from 'react';
import type { Span } from '../charts/time-ticks.ts';
import styles from './charts.module.css';
import { useDrag } from './use-drag.ts';
import { useWheel } from './use-wheel.ts';

export interface OverlayActions {
  onHover: (timeMs: number | null) => void;
  onPin: (timeMs: number) => void;
  onSelect: (span: Span) => void;
  onZoom: (factor: number, atMs: number) => void;
  onPan: (share: number) => void;
  onReset: () => void;
  /** Moves the crosshair by a number of points. */
  onStep: (points: number) => void;
  onLeave: () => void;
}

interface ShownCrosshair {
  timeMs: number;
  text: string;
  description: string;
  isPinned: boolean;
}

interface ChartOverlayProps extends OverlayActions {
  span: Span;
  crosshair: ShownCrosshair | null;
}

/** One notch of most wheels is 100 pixels and zooms by 20 %. */
const zoomPerPixel = Math.log(1.2) / 100;

/** Overlay of all charts: the shared crosshair, and pointer and keyboard control of the time axis. */
export function ChartOverlay(props: ChartOverlayProps) {
  const { span, crosshair } = props;
  const overlay = useRef<HTMLDivElement>(null);
  const lengthMs = span.toMs - span.fromMs;
  const toMs = (share: number) => span.fromMs + share * lengthMs;
  const toPercent = (timeMs: number) => `${(100 * (timeMs - span.fromMs)) / lengthMs}%`;
  const { selection, cancel, pointerProps } = useDrag({
    onSelect: (from, to) => props.onSelect({ fromMs: toMs(from), toMs: toMs(to) }),
    onClick: (share) => props.onPin(toMs(share)),
    onHover: (share) => props.onHover(share === null ? null : toMs(share)),
  });
  useWheel(overlay, ({ share, x, y }) => {
    if (Math.abs(x) > Math.abs(y)) props.onPan(x / (overlay.current?.clientWidth ?? x));
    else props.onZoom(Math.exp(y * zoomPerPixel), toMs(share));
  });
  const middleMs = crosshair?.timeMs ?? toMs(0.5);

  const keys = new Map<string, () => void>([
    ['ArrowLeft', () => props.onStep(-1)],
    ['ArrowRight', () => props.onStep(1)],
    ['PageDown', () => props.onStep(-10)],
    ['PageUp', () => props.onStep(10)],
    ['Home', () => props.onStep(Number.NEGATIVE_INFINITY)],
    ['End', () => props.onStep(Number.POSITIVE_INFINITY)],
    ['Enter', () => props.onPin(middleMs)],
    ['+', () => props.onZoom(0.5, middleMs)],
    ['-', () => props.onZoom(2, middleMs)],
    ['0', () => props.onReset()],
    ['Escape', () => (selection === null ? props.onLeave() : cancel())],
  ]);

  function press(event: KeyboardEvent) {
    const act = keys.get(event.key);
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  return (
    <div
      ref={overlay}
      className={styles.overlay}
      role="slider"
      tabIndex={0}
      aria-label="Crosshair"
      aria-valuemin={span.fromMs}
      aria-valuemax={span.toMs}
      aria-valuenow={middleMs}
      aria-valuetext={crosshair?.description ?? 'No time selected'}
      aria-description="Arrow keys move between points, plus and minus zoom, 0 resets the zoom, Enter pins the crosshair"
      onKeyDown={press}
      onDoubleClick={props.onReset}
      {...pointerProps}
    >
      {crosshair !== null && <Line crosshair={crosshair} left={toPercent(crosshair.timeMs)} />}
      {selection !== null && (
        <div
          className={styles.selection}
          style={{ left: `${100 * selection.from}%`, width: `${100 * (selection.to - selection.from)}%` }}
        />
      )}
    </div>
  );
}

function Line({ crosshair: { text, isPinned }, left }: { crosshair: ShownCrosshair; left: string }) {
  return (
    <>
      <div className={styles.line} data-pinned={isPinned || undefined} style={{ left }} />
      <div className={styles.time} style={{ left, transform: `translateX(-${left})` }}>
        {text}
      </div>
    </>
  );
}
