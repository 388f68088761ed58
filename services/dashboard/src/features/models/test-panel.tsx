import type { ModelOrigin } from '@sensor-sentinel/contracts';
import { Facts } from '../../ui/facts.tsx';
import { formatAmount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { ConfusionMatrix } from '../feedback/confusion-matrix.tsx';
import { Panel, type ShownQuery } from '../panel/panel.tsx';
import { toFamilyTitle } from './family-title.ts';
import type { LoadedModel } from './model-rows.ts';
import styles from './models.module.css';

interface TestPanelProps {
  query: ShownQuery;
  model: LoadedModel;
}

/** Metrics on rows that the model was not trained on, beside those of the other classifiers of the same training. */
export function TestPanel({ query, model: { family, origin, class_names } }: TestPanelProps) {
  if (origin.kind === 'imported') {
    return (
      <Panel title="Test on held-out data" query={query}>
        <p className={styles.none}>Imported models have no test.</p>
      </Panel>
    );
  }
  const { rows, accuracy, precision, recall, f1, roc_auc, confusion } = origin.test;
  return (
    <Panel title="Test on held-out data" query={query} aside={`on ${formatAmount(rows, 'row')}`}>
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
      {origin.comparison.length > 0 && <ComparisonTable compared={origin.comparison} shown={family} />}
    </Panel>
  );
}

interface ComparisonTableProps {
  compared: Extract<ModelOrigin, { kind: 'trained' }>['comparison'];
  /** The family of the shown model. */
  shown: string;
}

/** The classifiers that were trained on the same rows. */
function ComparisonTable({ compared, shown }: ComparisonTableProps) {
  return (
    <>
      <h3 className={styles.subtitle}>Other classifiers, trained on the same rows</h3>
      <SimpleTable
        label="Classifier comparison"
        columns={[
          { title: 'Classifier' },
          { title: 'Cross-validation', isNumber: true, isWide: true },
          { title: 'Accuracy', isNumber: true },
          { title: 'Precision', isNumber: true },
          { title: 'Recall', isNumber: true },
          { title: 'F1', isNumber: true, isWide: true },
          { title: 'ROC AUC', isNumber: true, isWide: true },
        ]}
        rows={compared.map(({ family, test, cross_validation: { mean, sd } }) => ({
          key: family,
          isMarked: family === shown,
          cells: [
            family === shown ? `${toFamilyTitle(family)} (this model)` : toFamilyTitle(family),
            `${formatPercent(mean)} ± ${formatPercent(sd)}`,
            formatPercent(test.accuracy),
            formatPercent(test.precision),
            formatPercent(test.recall),
            formatDecimal(test.f1, 3),
            formatDecimal(test.roc_auc, 3),
          ],
        }))}
      />
    </>
  );
}
