import { useMemo } from 'react';
import { Empty } from '../../ui/empty.tsx';
import { TableDisclosure } from '../charts/table-disclosure.tsx';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { EmptyWindow } from '../time/empty-window.tsx';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { describeScatter, listScatterRows, toScatterColumns } from './describe-scatter.ts';
import { FeatureSelect } from './feature-select.tsx';
import { type Axes, toScatterAxes, withAxis } from './scatter-axes.ts';
import { ScatterChart } from './scatter-chart.tsx';
import styles from './scatter-panel.module.css';
import { useScatter } from './use-scatter.ts';

const noQuery = { dataUpdatedAt: 0, error: null, isError: false, isPlaceholderData: false };

/** Two features against each other, to show anomalies that no single feature shows. */
export function ScatterPanel() {
  const { features } = useSensorType();
  const { scatter } = useUrlState().state;
  const axes = useMemo(() => toScatterAxes(features, scatter), [features, scatter]);
  if (axes !== null) return <ScatterOf axes={axes} />;
  return (
    <Panel title="Scatter plot" query={noQuery}>
      <Empty title="Only one feature">A scatter plot shows two features against each other.</Empty>
    </Panel>
  );
}

function ScatterOf({ axes }: { axes: Axes }) {
  const { query, points, count, note } = useScatter(axes);
  const { features } = useSensorType();
  const { push } = useUrlState();
  if (points === null)
    return <PanelFallback title="Scatter plot" query={query} bones={{ count: 1, height: 280 }} />;

  function choose(axis: 'x' | 'y', name: string) {
    push((state) => ({ ...state, scatter: withAxis(axes, axis, name) }));
  }

  return (
    <Panel
      title="Scatter plot"
      query={query}
      aside={
        <>
          <FeatureSelect
            label="X axis"
            features={features}
            value={axes.x}
            onChange={(name) => choose('x', name)}
          />
          <FeatureSelect
            label="Y axis"
            features={features}
            value={axes.y}
            onChange={(name) => choose('y', name)}
          />
        </>
      }
    >
      {points.length === 0 ? (
        <NoPoints count={count} />
      ) : (
        <>
          <ScatterChart points={points} axes={axes} label={describeScatter(points, axes)} />
          <p className={styles.note}>{note}</p>
          <TableDisclosure
            title="Scatter plot"
            columns={toScatterColumns(axes)}
            listRows={() => listScatterRows(points, axes)}
          />
        </>
      )}
    </Panel>
  );
}

function NoPoints({ count }: { count: number }) {
  if (count === 0) return <EmptyWindow />;
  return <Empty title="No values to show">No reading in this window has both values.</Empty>;
}
