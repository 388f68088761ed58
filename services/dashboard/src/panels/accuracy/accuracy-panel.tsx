import type { Accuracy } from '@sensor-sentinel/contracts';
import { useAccuracy } from '../../api/use-accuracy.ts';
import { useStats } from '../../api/use-stats.ts';
import { ConfusionMatrix } from '../../components/confusion-matrix.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { PanelFallback } from '../../components/panel-fallback.tsx';
import { formatAmount, formatDecimal, formatPercent } from '../../format/format-number.ts';
import styles from './accuracy-panel.module.css';
import { describeLabelled } from './describe-labelled.ts';

const title = 'Accuracy of the readings in view';

/** How right the predictions of the window and the sensor in view were, as far as the truth is known. */
export function AccuracyPanel() {
  const accuracy = useAccuracy();
  if (accuracy.data === undefined) {
    return <PanelFallback title={title} query={accuracy} bones={{ count: 2, height: 60 }} />;
  }
  return (
    <Panel title={title} query={accuracy} aside={<Labelled accuracy={accuracy.data} />}>
      {accuracy.data.labelled === 0 ? (
        <p className={styles.none}>
          What none of these readings really was is known. Open a reading of the table and say whether its
          prediction was right, or send labels to POST /truth.
        </p>
      ) : (
        <AccuracyFigures accuracy={accuracy.data} />
      )}
    </Panel>
  );
}

/** The same, but nothing at all where nothing is known. */
export function KnownAccuracyPanel() {
  const accuracy = useAccuracy();
  if (accuracy.data === undefined || accuracy.data.labelled === 0) return null;
  return (
    <div className={styles.known}>
      <AccuracyPanel />
    </div>
  );
}

function Labelled({ accuracy: { labelled, counted } }: { accuracy: Accuracy }) {
  const stats = useStats();
  if (stats.data === undefined) return <span>truth of {formatAmount(labelled, 'reading')} known</span>;
  return (
    <span>
      {describeLabelled(labelled, stats.data.count)}
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
