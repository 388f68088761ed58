import { Facts } from '../../ui/facts.tsx';
import { formatAmount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { ConfusionMatrix } from '../feedback/confusion-matrix.tsx';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import styles from './figures.module.css';
import type { LoadedModel } from './model-rows.ts';

/** Metrics on rows that the model was not fitted on. */
export function TestPanel({
  query,
  model: { origin, class_names },
}: {
  query: ShownQuery;
  model: LoadedModel;
}) {
  if (origin.kind === 'imported') {
    return (
      <Panel title="Held-out test" query={query}>
        <p className={styles.none}>Imported models have no test metrics.</p>
      </Panel>
    );
  }
  const { rows, accuracy, precision, recall, f1, roc_auc, confusion } = origin.test;
  return (
    <Panel title="Held-out test" query={query} aside={`on ${formatAmount(rows, 'row')}`}>
      <div className={styles.test}>
        <Facts
          isDense
          facts={[
            { name: 'Accuracy', value: formatPercent(accuracy) },
            { name: 'Precision', value: formatPercent(precision) },
            { name: 'Recall', value: formatPercent(recall) },
            { name: 'F1', value: formatDecimal(f1, 3) },
            { name: 'ROC AUC', value: formatDecimal(roc_auc, 3) },
          ]}
        />
        <ConfusionMatrix
          trueNegatives={confusion.true_negatives}
          falsePositives={confusion.false_positives}
          falseNegatives={confusion.false_negatives}
          truePositives={confusion.true_positives}
          classNames={class_names}
        />
      </div>
    </Panel>
  );
}
