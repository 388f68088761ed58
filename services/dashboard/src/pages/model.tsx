import { AccuracyPanel } from '../features/feedback/accuracy-panel.tsx';
import { ModelPanel, OriginPanel, TestPanel } from '../features/models/model-panels.tsx';
import { findShownRow, toModelRows } from '../features/models/model-rows.ts';
import styles from '../features/models/models.module.css';
import { ModelsPanel } from '../features/models/models-panel.tsx';
import { useModels } from '../features/models/use-model.ts';
import { PanelFallback } from '../features/panel/panel-fallback.tsx';
import { useUrlState } from '../features/url-state/url-state-context.ts';

/** The model in use, its metrics, and the other models that can be activated. */
export function ModelView() {
  const { state } = useUrlState();
  const query = useModels();
  if (query.data === undefined) {
    return (
      <div className={styles.grid}>
        <PanelFallback title="Model" query={query} bones={{ count: 3, height: 120 }} />
      </div>
    );
  }
  const rows = toModelRows(query.data);
  const shown = findShownRow(rows, state.model);
  // The models are refreshed less often than live panels, so only a failed refresh makes them outdated.
  const panel = { query: { ...query, isHeld: true } };
  return (
    <div className={styles.grid}>
      <ModelsPanel {...panel} models={query.data} rows={rows} shown={shown?.model.name} />
      {shown !== undefined && (
        <>
          <ModelPanel {...panel} row={shown} />
          <OriginPanel {...panel} model={shown.model} />
          <TestPanel {...panel} model={shown.model} />
          <AccuracyPanel />
        </>
      )}
    </div>
  );
}
