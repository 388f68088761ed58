import { formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import tableStyles from '../../ui/table.module.css';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import { toFamilyTitle } from './family-title.ts';
import styles from './figures.module.css';
import { type ComparisonRow, type LoadedModel, toComparisonRows } from './model-rows.ts';
import { TableScroller } from './table-scroller.tsx';

const headers = ['Test accuracy', 'Precision', 'Recall', 'F1', 'ROC AUC'];

/** Compares the classifiers that were trained on the same rows. */
export function ComparisonPanel({
  query,
  model: { family, origin },
}: {
  query: ShownQuery;
  model: LoadedModel;
}) {
  if (origin.kind === 'imported') {
    return (
      <Panel title="Classifier comparison" query={query}>
        <p className={styles.none}>Imported models have no comparison with other classifiers.</p>
      </Panel>
    );
  }
  const note =
    origin.comparison.length === 0
      ? 'no other classifiers were trained'
      : 'trained on the same rows; selected by cross-validated accuracy';
  return (
    <Panel title="Classifier comparison" query={query} aside={note}>
      <TableScroller title="Compared classifiers">
        <table className={`${tableStyles.table} ${styles.table}`} aria-label="Classifier comparison">
          <thead>
            <tr>
              <th scope="col">Classifier</th>
              <th scope="col" data-number>
                Cross-validation
              </th>
              {headers.map((header) => (
                <th key={header} scope="col" data-number>
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {toComparisonRows(family, origin).map((row) => (
              <ComparedFamily key={row.family} row={row} />
            ))}
          </tbody>
        </table>
      </TableScroller>
    </Panel>
  );
}

function ComparedFamily({ row: { family, test, crossValidation, isShown } }: { row: ComparisonRow }) {
  const figures = [
    crossValidation === undefined
      ? '–'
      : `${formatPercent(crossValidation.mean)} ± ${formatPercent(crossValidation.sd)}`,
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
      {figures.map((figure, index) => (
        <td key={headers[index - 1] ?? 'cross-validation'} data-number>
          {figure}
        </td>
      ))}
    </tr>
  );
}
