import type { Accuracy } from '@sensor-sentinel/contracts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatAmount, formatCount, formatPercent } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useStats } from '../statistics/use-stats.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import styles from './feedback.module.css';

const title = 'Accuracy by feedback';
/** With fewer answers, a percentage says little. */
const leastAnswers = 20;

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
  return (
    <div className={styles.figures}>
      {labeled < leastAnswers ? (
        <p className={styles.none}>
          {labeled} of {leastAnswers} answers so far. Percentages are shown from {leastAnswers} answers on.
        </p>
      ) : (
        <Facts isDense facts={toFacts(accuracy)} />
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

/** `3 of 1 200 readings answered (0.3 %)`. The two counts come from different queries, so `answers` may be larger. */
export function describeAnswered(answers: number, readings: number): string {
  const text = `${formatCount(answers)} of ${formatAmount(Math.max(readings, answers), 'reading')} answered`;
  return answers === 0 || answers >= readings ? text : `${text} (${formatPercent(answers / readings)})`;
}
