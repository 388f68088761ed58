import type { ModelOrigin } from '@sensor-sentinel/contracts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tableStyles from '../../ui/table.module.css';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import { toFamilyTitle, toScalerTitle } from './family-title.ts';
import { describeAnomaly, type LoadedModel, type ModelRow, toScalerColumns } from './model-rows.ts';
import styles from './models.module.css';

interface ShownModelProps {
  query: ShownQuery;
  model: LoadedModel;
}

/** What the model does with a reading: features, scaler, classifier, threshold. */
export function ModelPanel({ query, row: { model, state } }: { query: ShownQuery; row: ModelRow }) {
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
          { name: 'Scaler', value: toScalerTitle(model.scaler.kind) },
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
    <ScrollRegion className={`${tableStyles.scroller} ${styles.scroller}`} label="Features and their scaling">
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
    </ScrollRegion>
  );
}

/** Where the model comes from, and the checks that the API ran when it loaded the file. */
export function OriginPanel({ query, model: { origin, certificate } }: ShownModelProps) {
  const { sha256, data_sha256, reference_vectors, max_difference } = certificate;
  return (
    <Panel title="Origin" query={query} aside={origin.kind === 'trained' ? 'trained here' : 'imported'}>
      {origin.kind === 'trained' ? <Training origin={origin} /> : <Import origin={origin} />}
      <h3 className={styles.subtitle}>Checks when loaded</h3>
      <Facts
        facts={[
          { name: 'Readings scored again', value: formatCount(reference_vectors) },
          { name: 'Largest difference of a score', value: formatDifference(max_difference) },
        ]}
      />
      <Facts
        facts={[
          { name: 'SHA-256 of the model', value: <Hash hash={sha256} /> },
          ...(data_sha256 === undefined
            ? []
            : [{ name: 'SHA-256 of the training data', value: <Hash hash={data_sha256} /> }]),
        ]}
      />
    </Panel>
  );
}

type OriginOf<Kind> = Extract<ModelOrigin, { kind: Kind }>;

function Training({ origin }: { origin: OriginOf<'trained'> }) {
  const { rows, train_rows, seed, library, cross_validation: validation, parameters } = origin;
  const facts: Fact[] = [
    { name: 'Rows of the data', value: formatCount(rows) },
    { name: 'Trained on', value: formatAmount(train_rows, 'row') },
    { name: 'Seed', value: seed },
  ];
  if (library !== undefined) facts.push({ name: 'Trained with', value: library });
  if (validation !== undefined) {
    const value = `${formatPercent(validation.mean)} ± ${formatPercent(validation.sd)}, ${validation.folds} folds`;
    facts.push({ name: 'Cross-validated accuracy', value });
  }
  return (
    <>
      <Facts facts={facts} />
      <h3 className={styles.subtitle}>Parameters</h3>
      <dl className={styles.parameters}>
        {Object.entries(parameters).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Import({ origin }: { origin: OriginOf<'imported'> }) {
  const { format, version, estimator, files, agreement } = origin;
  const agreed =
    agreement === undefined
      ? 'not measured: no reference vectors were given'
      : `${formatCount(agreement.vectors)} vectors, largest difference ${formatDifference(agreement.max_difference)}`;
  return (
    <>
      <Facts
        facts={[
          { name: 'Created with', value: `${format} ${version}` },
          { name: 'Estimator', value: estimator },
          { name: 'Agreement with the original', value: agreed },
        ]}
      />
      <h3 className={styles.subtitle}>Files</h3>
      <ul className={styles.files}>
        {files.map(({ name, sha256 }) => (
          <li key={name}>
            {name} <Hash hash={sha256} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Hash({ hash }: { hash: string }) {
  return <code className={styles.hash}>{hash}</code>;
}

/** `none` or `2.2e−16` */
function formatDifference(difference: number): string {
  return difference === 0 ? 'none' : difference.toExponential(1).replace('-', '−');
}
