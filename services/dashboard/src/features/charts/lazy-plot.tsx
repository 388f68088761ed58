import { type ComponentProps, lazy, Suspense } from 'react';
import styles from './plot.module.css';
import type { Plot } from './plot.tsx';

const Loaded = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

/** A chart. Plotly is loaded when the first one is shown. */
export function LazyPlot(props: ComponentProps<typeof Plot>) {
  return (
    <Suspense fallback={<div className={styles.skeleton} style={{ minHeight: props.minHeight }} />}>
      <Loaded {...props} />
    </Suspense>
  );
}
