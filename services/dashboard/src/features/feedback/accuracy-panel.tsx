import type { Accuracy } from '@sensor-sentinel/contracts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatAmount, formatPercent } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useStats } from '../statistics/use-stats.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';
import { describeAnswered, describeMissingAnswers } from './accuracy-sentences.ts';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import styles from './feedback.module.css';

const title = 'Accuracy by feedback';

/** How often the predictions in the selected window agree with feedback. */
export function AccuracyPanel() {
  const accuracy = useAccuracy();
  if (accuracy.data === undefined) {
    return <PanelFallback title={title} query={accuracy} bones={{ count: 2, height: 60 }} />;
  }
  return (
    <Panel title={title} query={accuracy} aside={<AnswerCount accuracy={accuracy.data} />}>
      {accuracy.data.labeled === 0 ? (
        <p className={styles.none}>
          No answers yet. Open a reading in the table and say whether it was a real anomaly or a false alarm.
          Labels can also be sent to POST /feedback.
        </p>
      ) : (
        <AccuracyFigures accuracy={accuracy.data} />
      )}
    </Panel>
  );
}

/** The accuracy panel, or nothing if no reading has feedback. */
export function KnownAccuracyPanel() {
  const accuracy = useAccuracy();
  if (accuracy.data === undefined || accuracy.data.labeled === 0) return null;
  return (
    <div className={styles.below}>
      <AccuracyPanel />
    </div>
  );
}

function useAccuracy() {
  return useWindowQuery({ route: 'accuracy', get: (api) => api.getAccuracy });
}

function AnswerCount({ accuracy: { labeled, counted } }: { accuracy: Accuracy }) {
  const stats = useStats();
  if (stats.data === undefined) return <span>{formatAmount(labeled, 'answer')}</span>;
  return (
    <span>
      {describeAnswered(labeled, stats.data.count)}
      {counted !== undefined && ', in whole hours'}
    </span>
  );
}

function AccuracyFigures({ accuracy }: { accuracy: Accuracy }) {
  const { confusion, labeled } = accuracy;
  const missing = describeMissingAnswers(labeled);
  return (
    <div className={styles.figures}>
      {missing === null ? (
        <Facts isDense facts={toFacts(accuracy)} />
      ) : (
        <p className={styles.none}>{missing}</p>
      )}
      <ConfusionMatrix
        trueNegatives={confusion.true_negative}
        falsePositives={confusion.false_positive}
        falseNegatives={confusion.false_negative}
        truePositives={confusion.true_positive}
      />
    </div>
  );
}

function toFacts({ accuracy, precision, recall }: Accuracy): Fact[] {
  const toText = (share: number | null) => (share === null ? '–' : formatPercent(share));
  return [
    { name: 'Correct predictions', value: toText(accuracy) },
    { name: 'Alarms that are right (precision)', value: toText(precision) },
    { name: 'Anomalies found (recall)', value: toText(recall) },
  ];
}
