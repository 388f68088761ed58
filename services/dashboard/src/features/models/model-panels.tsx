import type { ModelOrigin } from '@sensor-sentinel/contracts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Panel, type ShownQuery } from '../panel/panel.tsx';
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
  const parameters = toScalerColumns(scaler, features.length);
  return (
    <SimpleTable
      label="Features"
      columns={[
        { title: 'Feature' },
        { title: 'Unit' },
        ...parameters.map(({ name }) => ({ title: name, isNumber: true })),
      ]}
      rows={features.map(({ name, unit }, index) => ({
        key: name,
        cells: [name, unit, ...parameters.map(({ values }) => formatDecimal(values[index] ?? 0, 3))],
      }))}
    />
  );
}

/** Where the model comes from, and the checks that the API ran when it loaded the file. */
export function OriginPanel({ query, model: { origin, certificate } }: ShownModelProps) {
  const { sha256, data_sha256, reference_vectors, max_difference } = certificate;
  const files = origin.kind === 'imported' ? origin.files : [];
  const hashes = [
    { name: 'the model', sha256 },
    ...(data_sha256 === undefined ? [] : [{ name: 'the training data', sha256: data_sha256 }]),
    ...files,
  ];
  return (
    <Panel title="Origin" query={query} aside={origin.kind === 'trained' ? 'trained here' : 'imported'}>
      <Facts
        facts={[
          ...(origin.kind === 'trained' ? listTraining(origin) : listImport(origin)),
          {
            name: 'Checked when loaded',
            value: `${formatAmount(reference_vectors, 'reading')}, ${describeDifference(max_difference)}`,
          },
        ]}
      />
      <Facts
        facts={hashes.map((file) => ({
          name: `SHA-256 of ${file.name}`,
          value: <code className={styles.hash}>{file.sha256}</code>,
        }))}
      />
    </Panel>
  );
}

type OriginOf<Kind> = Extract<ModelOrigin, { kind: Kind }>;

function listTraining(origin: OriginOf<'trained'>): Fact[] {
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
  const listed = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return [...facts, { name: 'Parameters', value: <code className={styles.hash}>{listed.join(', ')}</code> }];
}

function listImport({ format, version, estimator, agreement }: OriginOf<'imported'>): Fact[] {
  const agreed =
    agreement === undefined
      ? 'not measured: no reference vectors were given'
      : `${formatCount(agreement.vectors)} vectors, ${describeDifference(agreement.max_difference)}`;
  return [
    { name: 'Created with', value: `${format} ${version}` },
    { name: 'Estimator', value: estimator },
    { name: 'Agreement with the original', value: agreed },
  ];
}

/** `same scores`, or `difference at most 2.2e−16` */
function describeDifference(difference: number): string {
  if (difference === 0) return 'same scores';
  return `difference at most ${difference.toExponential(1).replace('-', '−')}`;
}
