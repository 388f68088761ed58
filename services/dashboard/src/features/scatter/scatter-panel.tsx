import { useDeferredValue, useMemo } from 'react';
import { Empty } from '../../ui/empty.tsx';
import { useTheme } from '../../ui/theme/theme-provider.tsx';
import { Plot } from '../charts/plot.tsx';
import { plotPalettes, useNormalRanges } from '../charts/plot-style.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useSeries } from '../series/use-series.ts';
import { EmptyWindow } from '../time/empty-window.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { describeScatter } from './describe-scatter.ts';
import { toScatterLayout, toScatterTraces } from './scatter-figure.ts';
import styles from './scatter-panel.module.css';
import { type Axes, type ScatterPoint, toScatterAxes, withAxis } from './scatter-points.ts';
import { useScatter } from './use-scatter.ts';

const title = 'Scatter plot';
const minHeight = 280;

/** Two features against each other, to show anomalies that no single feature shows. */
export function ScatterPanel() {
  const { features } = useSensorType();
  const { scatter } = useUrlState().state;
  const { query } = useSeries();
  const axes = useMemo(() => toScatterAxes(features, scatter), [features, scatter]);
  if (axes !== null) return <ScatterOf axes={axes} />;
  return (
    <Panel title={title} query={query}>
      <Empty title="Only one feature">A scatter plot shows two features against each other.</Empty>
    </Panel>
  );
}

function ScatterOf({ axes }: { axes: Axes }) {
  const { query, points, count, note } = useScatter(axes);
  if (points === null)
    return <PanelFallback title={title} query={query} bones={{ count: 1, height: minHeight }} />;
  const selects = (['x', 'y'] as const).map((axis) => <AxisSelect key={axis} axes={axes} axis={axis} />);
  return (
    <Panel title={title} query={query} aside={selects}>
      {count === 0 && <EmptyWindow />}
      {count > 0 && points.length === 0 && (
        <Empty title="No values to show">No reading in this window has both values.</Empty>
      )}
      {points.length > 0 && (
        <>
          <Chart points={points} axes={axes} />
          <p className={styles.note}>{note}</p>
        </>
      )}
    </Panel>
  );
}

function AxisSelect({ axes, axis }: { axes: Axes; axis: 'x' | 'y' }) {
  const { features } = useSensorType();
  const { push } = useUrlState();
  return (
    <label className={styles.select}>
      {axis.toUpperCase()}
      <select
        value={axes[axis].name}
        onChange={({ target }) =>
          push((state) => ({ ...state, scatter: withAxis(axes, axis, target.value) }))
        }
      >
        {features.map((feature) => (
          <option key={feature.name} value={feature.name}>
            {feature.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Chart({ points, axes }: { points: readonly ScatterPoint[]; axes: Axes }) {
  const { push } = useUrlState();
  const normalRanges = useNormalRanges();
  const palette = plotPalettes[useTheme().resolved];
  // Drawn in a task of its own, after the time series.
  const drawn = useDeferredValue(points);
  const traces = useMemo(() => toScatterTraces(drawn, axes, palette), [drawn, axes, palette]);
  const layout = useMemo(
    () => toScatterLayout(axes, { normalRanges, palette }),
    [axes, normalRanges, palette],
  );
  return (
    <Plot
      traces={traces}
      layout={layout}
      label={describeScatter(points, axes)}
      minHeight={minHeight}
      onChoose={(reading) => push((state) => ({ ...state, reading }))}
    />
  );
}
