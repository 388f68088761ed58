import type { Accuracy } from '@sensor-sentinel/contracts';
import { Facts } from '../../ui/facts.tsx';
import { formatAmount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import { PanelFallback } from '../panel/panel-fallback.tsx';
import { useStats } from '../statistics/use-stats.ts';
import styles from './accuracy-panel.module.css';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import { describeLabeled } from './describe-labeled.ts';
import { useAccuracy } from './use-accuracy.ts';

const title = 'Accuracy on labeled readings';

/** The accuracy of the predictions in the selected window, on readings with feedback. */
export function AccuracyPanel() {
  const accuracy = useAccuracy();
  if (accuracy.data === undefined) {
    return <PanelFallback title={title} query={accuracy} bones={{ count: 2, height: 60 }} />;
  }
  return (
    <Panel title={title} query={accuracy} aside={<LabeledCount accuracy={accuracy.data} />}>
      {accuracy.data.labeled === 0 ? (
        <p className={styles.none}>
          None of these readings has feedback. Open a reading in the table and mark its prediction as correct
          or incorrect, or send labels to POST /feedback.
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
    <div className={styles.known}>
      <AccuracyPanel />
    </div>
  );
}

function LabeledCount({ accuracy: { labeled, counted } }: { accuracy: Accuracy }) {
  const stats = useStats();
  if (stats.data === undefined) return <span>{formatAmount(labeled, 'labeled reading')}</span>;
  return (
    <span>
      {describeLabeled(labeled, stats.data.count)}
      {counted !== undefined && ', in whole hours'}
    </span>
  );
}

function toText(share: number | null): string {
  return share === null ? '–' : formatPercent(share);
}

function AccuracyFigures({ accuracy: { confusion, ...figures } }: { accuracy: Accuracy }) {
  return (
    <div className={styles.figures}>
      <Facts
        isDense
        facts={[
          { name: 'Accuracy', value: toText(figures.accuracy) },
          { name: 'Precision', value: toText(figures.precision) },
          { name: 'Recall', value: toText(figures.recall) },
          { name: 'F1', value: figures.f1 === null ? '–' : formatDecimal(figures.f1, 3) },
        ]}
      />
      <ConfusionMatrix
        trueNegatives={confusion.true_negative}
        falsePositives={confusion.false_positive}
        falseNegatives={confusion.false_negative}
        truePositives={confusion.true_positive}
      />
    </div>
  );
}
