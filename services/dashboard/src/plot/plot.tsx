import type { Config, Data, Layout, Shape } from 'plotly.js';
import plotly from 'plotly.js/dist/plotly-basic.min.js';
import { useEffect, useRef } from 'react';
import { createDrawQueue } from './draw-queue.ts';
import styles from './plot.module.css';
import { useSize } from './use-size.ts';

export type { Data, Layout, Shape };

interface PlotProps {
  /** Both are compared by reference: what is the same is not drawn again. */
  traces: Data[];
  layout: Partial<Layout>;
}

const config: Partial<Config> = { displayModeBar: false, responsive: false, doubleClick: false };
// After a frame, not in it: the page is laid out then, and Plotly, which measures first, need not have it done twice.
const drawSoon = createDrawQueue((draw) => requestAnimationFrame(() => setTimeout(draw)));

/** Fills its parent. The only import of Plotly: reached by `import()` only, so that it is a chunk of its own. */
export function Plot({ traces, layout }: PlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  useEffect(() => {
    const drawn = element.current;
    if (drawn === null || size === null || size.width === 0) return;
    return drawSoon(() => void plotly.react(drawn, traces, { ...layout, ...size }, config));
  }, [traces, layout, size]);
  useEffect(() => {
    const drawn = element.current;
    return () => {
      if (drawn !== null) plotly.purge(drawn);
    };
  }, []);
  return <div ref={element} className={styles.plot} />;
}
