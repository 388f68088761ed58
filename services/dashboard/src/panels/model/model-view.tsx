import { useModels } from '../../api/use-models.ts';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { AccuracyPanel } from '../accuracy/accuracy-panel.tsx';
import { CertificatePanel } from './certificate-panel.tsx';
import { ComparisonPanel } from './comparison-panel.tsx';
import { findShownRow, toModelRows } from './model-rows.ts';
import styles from './model-view.module.css';
import { ModelsPanel } from './models-panel.tsx';
import { OriginPanel } from './origin-panel.tsx';
import { PipelinePanel } from './pipeline-panel.tsx';
import { TestPanel } from './test-panel.tsx';

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
