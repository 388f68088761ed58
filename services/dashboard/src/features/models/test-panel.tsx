import type { ModelOrigin } from '@sensor-sentinel/contracts';
import { Facts } from '../../ui/facts.tsx';
import { formatAmount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { ConfusionMatrix } from '../feedback/confusion-matrix.tsx';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
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

/** `from`: shown only in wide windows. */
const columns: readonly { title: string; from?: 'wide' }[] = [
  { title: 'Cross-validation', from: 'wide' },
  { title: 'Accuracy' },
  { title: 'Precision' },
  { title: 'Recall' },
  { title: 'F1', from: 'wide' },
  { title: 'ROC AUC', from: 'wide' },
];

type Compared = Extract<ModelOrigin, { kind: 'trained' }>['comparison'][number];

interface ComparisonTableProps {
  compared: readonly Compared[];
  /** The family of the shown model. */
  shown: string;
}

/** The classifiers that were trained on the same rows. */
function ComparisonTable({ compared, shown }: ComparisonTableProps) {
  return (
    <>
      <h3 className={styles.subtitle}>Other classifiers, trained on the same rows</h3>
      <ScrollRegion className={tableStyles.scroller} label="Compared classifiers">
        <table className={`${tableStyles.table} ${styles.table}`} aria-label="Classifier comparison">
          <thead>
            <tr>
              <th scope="col">Classifier</th>
              {columns.map(({ title, from }) => (
                <th key={title} scope="col" data-number data-from={from}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {compared.map((one) => (
              <ComparedFamily key={one.family} compared={one} isShown={one.family === shown} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

function ComparedFamily({ compared, isShown }: { compared: Compared; isShown: boolean }) {
  const { family, test, cross_validation } = compared;
  const figures = [
    `${formatPercent(cross_validation.mean)} ± ${formatPercent(cross_validation.sd)}`,
    formatPercent(test.accuracy),
    formatPercent(test.precision),
    formatPercent(test.recall),
    formatDecimal(test.f1, 3),
    formatDecimal(test.roc_auc, 3),
  ];
  return (
    <tr data-shown={isShown || undefined}>
      <th scope="row">
        {toFamilyTitle(family)}
        {isShown && (
          <span className={styles.mark}>
            <Icon name="check" size={14} /> this model
          </span>
        )}
      </th>
      {columns.map(({ title, from }, index) => (
        <td key={title} data-number data-from={from}>
          {figures[index]}
        </td>
      ))}
    </tr>
  );
}
