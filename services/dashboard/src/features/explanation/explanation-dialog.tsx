import type { Feature, ReadingExplanation, StoredReading } from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/refresh-policy.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { Dialog } from '../../ui/dialog.tsx';
import { formatDecimal } from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { FeedbackPart } from '../feedback/feedback-buttons.tsx';
import { toFamilyTitle } from '../models/model-rows.ts';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { useFeaturesOf, useUrlState } from '../url-state/url-state-context.ts';
import { ContributionsPart } from './contributions-part.tsx';
import styles from './explanation.module.css';
import { describeCounterfactual, describeUnusual } from './explanation-sentences.ts';
import { NeighborsPart } from './neighbors-part.tsx';

interface ExplanationDialogProps {
  id: string;
  /** The reading, if the table has loaded it. */
  known: StoredReading | undefined;
}

/** Why a reading got its prediction: what was unusual first, then the figures behind it. */
export function ExplanationDialog({ id, known }: ExplanationDialogProps) {
  const { push } = useUrlState();
  const reading = useReading(id, known);
  const explanation = useExplanation(id, { isEnabled: reading?.prediction !== null });
  // The reading is of another type than that of the page if a URL says so.
  const features = useFeaturesOf(reading?.type);
  return (
    <Dialog title={toTitle(reading)} onClose={() => push((url) => ({ ...url, reading: null }))}>
      <p className={dialogStyles.subject}>
        {reading === undefined ? (
          <>Reading {id}</>
        ) : (
          <>
            Sensor <bdi>{reading.sensor_id}</bdi>, <Timestamp iso={reading.timestamp} />
          </>
        )}
      </p>
      {reading?.prediction === null ? (
        <p className={styles.reasons}>No model has scored this reading.</p>
      ) : (
        <Reasons query={explanation} features={features} />
      )}
      {reading !== undefined && reading.prediction !== null && (
        <FeedbackPart key={id} id={id} prediction={reading.prediction} />
      )}
      {explanation.data !== undefined && (
        <ContributionsPart key={id} explanation={explanation.data.explanation} features={features} />
      )}
      {reading !== undefined && <NeighborsPart key={id} reading={reading} features={features} />}
      {explanation.data !== undefined && <Votes answer={explanation.data} />}
    </Dialog>
  );
}

function toTitle(reading: StoredReading | undefined): string {
  if (reading === undefined || reading.prediction === null) return 'Reading';
  return reading.prediction === 1 ? 'Why an anomaly?' : 'Why normal?';
}

/** One stored reading; fetched only if it is not already loaded. */
function useReading(id: string, known: StoredReading | undefined): StoredReading | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['reading', id],
    queryFn: ({ signal }) => api.getReading(id, signal),
    enabled: known === undefined,
    ...fixedAnswer,
  });
  return known ?? data;
}

function useExplanation(readingId: string, { isEnabled }: { isEnabled: boolean }) {
  const api = useApi();
  return useQuery({
    queryKey: ['explanation', readingId],
    queryFn: ({ signal }) => api.getExplanation(readingId, signal),
    enabled: isEnabled,
    ...fixedAnswer,
  });
}

interface ReasonsProps {
  query: ReturnType<typeof useExplanation>;
  features: readonly Feature[];
}

/** The explanation in words. */
function Reasons({ query, features }: ReasonsProps) {
  if (query.data === undefined) {
    return (
      <div role={query.isError ? 'alert' : undefined}>
        <PanelFallback title="Explanation" query={query} bones={{ count: 1, height: 64 }} />
      </div>
    );
  }
  const { explanation } = query.data;
  const counterfactual = describeCounterfactual(explanation, features);
  return (
    <section className={styles.reasons} data-prediction={explanation.prediction} aria-label="In words">
      <ul>
        {describeUnusual(explanation, features).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {counterfactual !== null && <p>{counterfactual}</p>}
    </section>
  );
}

/** The prediction of each loaded model; the model of the stored prediction is marked. */
function Votes({ answer: { votes, explanation } }: { answer: ReadingExplanation }) {
  if (votes.length < 2) return null;
  return (
    <details className={styles.votes}>
      <summary>What other models say</summary>
      <SimpleTable
        label="Predictions by model"
        columns={[{ title: 'Model' }, { title: 'Prediction' }, { title: 'Score', isNumber: true }]}
        rows={votes.map(({ model, family, prediction, score }) => ({
          key: model,
          isMarked: model === explanation.model,
          cells: [
            <>
              {toFamilyTitle(family)}{' '}
              {model === explanation.model && <span className={styles.mark}>used here</span>}
              <span className={styles.name}>{model}</span>
            </>,
            <PredictionLabel key="prediction" prediction={prediction} />,
            formatDecimal(score, 3),
          ],
        }))}
      />
    </details>
  );
}
