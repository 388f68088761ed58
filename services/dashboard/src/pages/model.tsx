import { AccuracyPanel } from '../features/feedback/accuracy-panel.tsx';
import { CertificatePanel } from '../features/models/certificate-panel.tsx';
import { ComparisonPanel } from '../features/models/comparison-panel.tsx';
import styles from '../features/models/model.module.css';
import { findShownRow, toModelRows } from '../features/models/model-rows.ts';
import { ModelsPanel } from '../features/models/models-panel.tsx';
import { OriginPanel } from '../features/models/origin-panel.tsx';
import { PipelinePanel } from '../features/models/pipeline-panel.tsx';
import { TestPanel } from '../features/models/test-panel.tsx';
import { useModels } from '../features/models/use-models.ts';
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
      <ModelsPanel
        {...panel}
        models={query.data}
        rows={rows}
        shown={shown?.model.name}
        requested={state.model}
      />
      {shown !== undefined && (
        <>
          <PipelinePanel {...panel} row={shown} />
          <CertificatePanel {...panel} model={shown.model} />
          <OriginPanel {...panel} origin={shown.model.origin} />
          <TestPanel {...panel} model={shown.model} />
          <AccuracyPanel />
          <ComparisonPanel {...panel} model={shown.model} />
        </>
      )}
    </div>
  );
}
