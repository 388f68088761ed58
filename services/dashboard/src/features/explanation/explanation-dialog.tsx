import type {
  Explanation,
  Feature,
  ReadingExplanation,
  StoredReading,
  Vote,
} from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { fixedAnswer } from '../../api/refresh-policy.ts';
import dialogStyles from '../../ui/dialog.module.css';
import { Dialog } from '../../ui/dialog.tsx';
import { formatDecimal } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import panelStyles from '../../ui/panel.module.css';
import { FeedbackPart } from '../feedback/feedback-part.tsx';
import { toFamilyTitle } from '../models/family-title.ts';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { useFeaturesOf } from '../url-state/url-state-context.ts';
import { ContributionsTable } from './contributions-table.tsx';
import styles from './explanation.module.css';
import { describeCounterfactual, describeUnusual } from './explanation-sentences.ts';
import { NeighborsPart } from './neighbors-part.tsx';

interface ExplanationDialogProps {
  id: string;
  /** The reading, if the table has loaded it; undefined when the dialog is opened by URL. */
  reading: StoredReading | undefined;
  /** Opens a neighboring reading instead. */
  onVisit: (reading: StoredReading) => void;
  onClose: () => void;
}

/** Why a reading got its prediction: what was unusual first, then the figures behind it. */
export function ExplanationDialog({ id, reading: loaded, onVisit, onClose }: ExplanationDialogProps) {
  const reading = useReading(id, loaded);
  const explanation = useExplanation(id, { isEnabled: reading?.prediction !== null });
  // The reading is of another type than that of the page if a URL says so.
  const features = useFeaturesOf(reading?.type);
  return (
    <Dialog title={toTitle(reading)} onClose={onClose}>
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
        <Figures explanation={explanation.data.explanation} features={features} />
      )}
      {reading !== undefined && (
        <NeighborsPart key={id} reading={reading} features={features} onVisit={onVisit} />
      )}
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
  if (query.error !== null) {
    return (
      <div className={panelStyles.message} role="alert">
        <p>
          <Icon name="offline" /> <strong>No explanation available:</strong> {query.error.message}
        </p>
        <button type="button" onClick={() => query.refetch()} disabled={query.isFetching}>
          {query.isFetching ? 'Retrying…' : 'Retry'}
        </button>
      </div>
    );
  }
  if (query.data === undefined) {
    return (
      <div className={panelStyles.bone} style={{ height: 64 }} aria-busy="true">
        <span className="visually-hidden">Loading</span>
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

function Figures({ explanation, features }: { explanation: Explanation; features: readonly Feature[] }) {
  const { model, probability } = explanation;
  return (
    <section className={dialogStyles.part}>
      <h3>How each value changed the score</h3>
      <ContributionsTable explanation={explanation} features={features} />
      <p className={styles.source}>
        By the model {model}.
        {probability !== undefined && ` Probability of an anomaly: ${formatDecimal(probability, 3)}.`}
      </p>
    </section>
  );
}

function Votes({ answer: { votes, explanation } }: { answer: ReadingExplanation }) {
  if (votes.length < 2) return null;
  return (
    <details className={styles.votes}>
      <summary>What other models say</summary>
      <VotesTable votes={votes} decider={explanation.model} />
    </details>
  );
}

/** The prediction of each loaded model; the model of the stored prediction is marked. */
function VotesTable({ votes, decider }: { votes: readonly Vote[]; decider: string }) {
  return (
    <table className={styles.table} aria-label="Predictions by model">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Prediction</th>
          <th scope="col" data-number>
            Score
          </th>
        </tr>
      </thead>
      <tbody>
        {votes.map(({ model, family, prediction, score }) => (
          <tr key={model}>
            <th scope="row">
              {toFamilyTitle(family)} {model === decider && <span className={styles.mark}>used here</span>}
              <span className={styles.name}>{model}</span>
            </th>
            <td>
              <PredictionLabel prediction={prediction} />
            </td>
            <td data-number>{formatDecimal(score, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
