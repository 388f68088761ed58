import type { Metrics } from '@sensor-sentinel/contracts';
import type { ShownQuery } from '../../api/use-query-freshness.ts';
import { Panel } from '../../components/panel.tsx';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../format/format-number.ts';
import { Facts } from './facts.tsx';
import styles from './figures.module.css';
import type { LoadedModel } from './model-rows.ts';

/** How the model did on rows that it was not fitted on. */
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
        <p className={styles.none}>An imported model brings no test figures with it.</p>
      </Panel>
    );
  }
  const { rows, accuracy, precision, recall, f1, roc_auc, confusion } = origin.test;
  return (
    <Panel title="Held-out test" query={query} aside={`on ${formatAmount(rows, 'row')}`}>
      <div className={styles.test}>
        <Facts
          facts={[
            { name: 'Accuracy', value: formatPercent(accuracy) },
            { name: 'Precision', value: formatPercent(precision) },
            { name: 'Recall', value: formatPercent(recall) },
            { name: 'F1', value: formatDecimal(f1, 3) },
            { name: 'ROC AUC', value: formatDecimal(roc_auc, 3) },
          ]}
        />
        <ConfusionMatrix confusion={confusion} classNames={class_names} />
      </div>
    </Panel>
  );
}

interface ConfusionMatrixProps {
  confusion: Metrics['confusion'];
  classNames: readonly [string, string];
}

function ConfusionMatrix({ confusion, classNames: [normal, anomaly] }: ConfusionMatrixProps) {
  const { true_negatives, false_positives, false_negatives, true_positives } = confusion;
  const lines = [
    {
      truth: normal,
      cells: [
        { count: true_negatives, isRight: true },
        { count: false_positives, isRight: false },
      ],
    },
    {
      truth: anomaly,
      cells: [
        { count: false_negatives, isRight: false },
        { count: true_positives, isRight: true },
      ],
    },
  ];
  return (
    <table className={styles.confusion} aria-label="Confusion matrix">
      <thead>
        <tr>
          <td />
          <th scope="col">predicted {normal}</th>
          <th scope="col">predicted {anomaly}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ truth, cells }) => (
          <tr key={truth}>
            <th scope="row">is {truth}</th>
            {cells.map(({ count, isRight }) => (
              <td key={String(isRight)} data-right={isRight}>
                {formatCount(count)}
                <span>{isRight ? 'right' : 'wrong'}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
