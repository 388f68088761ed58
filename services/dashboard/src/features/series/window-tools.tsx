import { scaleWindow, shiftWindow } from '../time/time-window.ts';
import styles from './series-panel.module.css';
import type { ChooseWindow } from './use-look.ts';

interface WindowToolsProps {
  onLook: (choose: ChooseWindow) => void;
}

/** Buttons that zoom and pan, as an alternative to dragging. */
export function WindowTools({ onLook }: WindowToolsProps) {
  return (
    <fieldset className={styles.tools} aria-label="Time window">
      <button type="button" onClick={() => onLook((window, nowMs) => shiftWindow(window, -0.5, nowMs))}>
        Earlier
      </button>
      <button type="button" onClick={() => onLook((window, nowMs) => scaleWindow(window, 0.5, nowMs))}>
        Zoom in
      </button>
      <button type="button" onClick={() => onLook((window, nowMs) => scaleWindow(window, 2, nowMs))}>
        Zoom out
      </button>
      <button type="button" onClick={() => onLook((window, nowMs) => shiftWindow(window, 0.5, nowMs))}>
        Later
      </button>
    </fieldset>
  );
}
