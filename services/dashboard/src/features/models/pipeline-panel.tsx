import { Facts } from '../../ui/facts.tsx';
import { formatDecimal } from '../../ui/format-number.ts';
import tableStyles from '../../ui/table.module.css';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import { toFamilyTitle } from './family-title.ts';
import styles from './figures.module.css';
import { describeAnomaly, type LoadedModel, type ModelRow } from './model-rows.ts';
import { toScalerColumns, toScalerTitle } from './scaler-columns.ts';
import { TableScroller } from './table-scroller.tsx';

/** The stages of the pipeline: features, scaler, classifier, threshold. */
export function PipelinePanel({ query, row: { model, state } }: { query: ShownQuery; row: ModelRow }) {
  const [normal, anomaly] = model.class_names;
  return (
    <Panel
      title={state === 'serving' ? 'Model in use' : 'Model not in use'}
      query={query}
      aside={<span className={styles.breakable}>{model.name}</span>}
    >
      <Facts
        facts={[
          { name: 'Classifier', value: toFamilyTitle(model.family) },
          { name: 'Scaler', value: toScalerTitle(model.scaler) },
          { name: 'Threshold', value: `anomaly above ${model.threshold}` },
          { name: 'Anomaly', value: describeAnomaly(model) },
          { name: 'Classes', value: `0 ${normal}, 1 ${anomaly}` },
        ]}
      />
      <FeatureTable model={model} />
    </Panel>
  );
}

function FeatureTable({ model: { features, scaler } }: { model: LoadedModel }) {
  const columns = toScalerColumns(scaler, features.length);
  return (
    <TableScroller title="Features and their scaling">
      <table className={tableStyles.table} aria-label="Features">
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Unit</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" data-number>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {features.map(({ name, unit }, index) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{unit}</td>
              {columns.map(({ name: column, values }) => (
                <td key={column} data-number>
                  {formatDecimal(values[index] ?? 0, 3)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroller>
  );
}
