import { EmptyWindow } from '../../components/empty-window.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { TableDisclosure } from '../../plot/table-disclosure.tsx';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { type Axes, describeScatter, listScatterRows, toScatterColumns } from './describe-scatter.ts';
import { FeatureSelect } from './feature-select.tsx';
import { ScatterChart } from './scatter-chart.tsx';
import styles from './scatter-panel.module.css';
import { useScatter } from './use-scatter.ts';

/** Two features against each other, to show anomalies that no single feature shows. */
export function ScatterPanel() {
  const { query, points, count, note } = useScatter();
  const { state, push } = useUrlState();
  const axes: Axes = state.scatter;
  if (points === null)
    return <PanelFallback title="Scatter plot" query={query} bones={{ count: 1, height: 280 }} />;

  /** Swaps the axes when the feature of the other axis is selected. */
  function choose(axis: 'x' | 'y', name: Axes['x']) {
    push(({ scatter, ...rest }) => {
      const other = axis === 'x' ? 'y' : 'x';
      const swapped = scatter[other] === name ? scatter[axis] : scatter[other];
      return { ...rest, scatter: axis === 'x' ? { x: name, y: swapped } : { x: swapped, y: name } };
    });
  }

  return (
    <Panel
      title="Scatter plot"
      query={query}
      aside={
        <>
          <FeatureSelect label="X axis" value={axes.x} onChange={(name) => choose('x', name)} />
          <FeatureSelect label="Y axis" value={axes.y} onChange={(name) => choose('y', name)} />
        </>
      }
    >
      {points.length === 0 ? (
        <EmptyWindow />
      ) : (
        <>
          <ScatterChart points={points} axes={axes} label={describeScatter(points, axes)} />
          <p className={styles.note}>{note(points.length, count)}</p>
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
