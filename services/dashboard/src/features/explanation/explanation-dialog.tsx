import type { Feature, ReadingExplanation, StoredReading } from '@sensor-sentinel/contracts';
import { Dialog } from '../../ui/dialog.tsx';
import { formatDecimal } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { FeedbackPart } from '../feedback/feedback-part.tsx';
import panelStyles from '../panel/panel.module.css';
import { PredictionLabel } from '../readings/prediction-label.tsx';
import { Timestamp } from '../time/timestamp.tsx';
import { useFeaturesOf } from '../url-state/url-state-context.ts';
import { ContributionsTable } from './contributions-table.tsx';
import styles from './explanation.module.css';
import { describeCounterfactual, describeVotes } from './explanation-words.ts';
import { NeighborsPart } from './neighbors-part.tsx';
import { useExplanation } from './use-explanation.ts';
import { useReading } from './use-reading.ts';
import { VotesTable } from './votes-table.tsx';

interface ExplanationDialogProps {
  id: string;
  /** The reading, if the table has loaded it; undefined when the dialog is opened by URL. */
  reading: StoredReading | undefined;
  /** Opens a neighboring reading instead. */
  onVisit: (reading: StoredReading) => void;
  onClose: () => void;
}

export function ExplanationDialog({ id, reading: loaded, onVisit, onClose }: ExplanationDialogProps) {
  const reading = useReading(id, loaded);
  const isUnscored = reading?.prediction === null;
  const explanation = useExplanation(id, { isEnabled: !isUnscored });
  // The reading is of another type than that of the page if a URL says so.
  const features = useFeaturesOf(reading?.type);
  return (
    <Dialog title="Why this prediction?" onClose={onClose}>
      <p className={styles.subject}>
        {reading === undefined ? (
          <>Reading {id}</>
        ) : (
          <>
            Reading at <Timestamp iso={reading.timestamp} />, sensor <bdi>{reading.sensor_id}</bdi>
          </>
        )}
      </p>
      {reading !== undefined && reading.prediction !== null && (
        <FeedbackPart key={id} id={id} prediction={reading.prediction} />
      )}
      {isUnscored && <p className={styles.prediction}>No model has scored this reading.</p>}
      {!isUnscored && explanation.data === undefined && <NoExplanation query={explanation} />}
      {!isUnscored && explanation.data !== undefined && (
        <ExplanationBody answer={explanation.data} features={features} />
      )}
      {reading !== undefined && (
        <NeighborsPart key={id} reading={reading} features={features} onVisit={onVisit} />
      )}
    </Dialog>
  );
}

interface ExplanationBodyProps {
  answer: ReadingExplanation;
  features: readonly Feature[];
}

function ExplanationBody({ answer: { explanation, votes }, features }: ExplanationBodyProps) {
  const { model, prediction, score, probability } = explanation;
  return (
    <>
      <div className={styles.prediction}>
        <p>
          <strong>
            <PredictionLabel prediction={prediction} />
          </strong>{' '}
          with a score of {formatDecimal(score, 3)}, by <span className={styles.breakable}>{model}</span>.
          {probability !== undefined && ` Calibrated probability: ${formatDecimal(probability, 3)}.`}
        </p>
        <p className={styles.counterfactual}>{describeCounterfactual(explanation, features)}</p>
      </div>
      <section className={styles.part}>
        <h3>Feature contributions</h3>
        <ContributionsTable explanation={explanation} features={features} />
      </section>
      {votes.length > 0 && (
        <section className={styles.part}>
          <h3>
            Predictions by model <span className={styles.quiet}>{describeVotes(votes)}</span>
          </h3>
          <VotesTable votes={votes} decider={model} />
        </section>
      )}
    </>
  );
}

function NoExplanation({ query }: { query: ReturnType<typeof useExplanation> }) {
  if (query.error === null) {
    return (
      <div className={panelStyles.skeleton} aria-busy="true">
        <span className="visually-hidden">Loading</span>
        <div className={panelStyles.bone} style={{ height: 64 }} />
        <div className={panelStyles.bone} style={{ height: 210 }} />
      </div>
    );
  }
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
