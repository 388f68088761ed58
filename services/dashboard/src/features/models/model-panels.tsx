import type { ModelOrigin } from '@sensor-sentinel/contracts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatAmount, formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { ConfusionMatrix } from '../feedback/confusion-matrix.tsx';
import { Panel, type ShownQuery } from '../panel/panel.tsx';
import {
  capitalize,
  describeAnomaly,
  type LoadedModel,
  type ModelRow,
  toFamilyTitle,
  toScalerColumns,
} from './model-rows.ts';
import styles from './models.module.css';

interface ShownModelProps {
  query: ShownQuery;
  model: LoadedModel;
}

/** What the model does with a reading: features, scaler, classifier, threshold. */
export function ModelPanel({ query, row: { model, state } }: { query: ShownQuery; row: ModelRow }) {
  return (
    <Panel
      title={state === 'serving' ? 'Model in use' : 'Model not in use'}
      query={query}
      aside={<span className={styles.breakable}>{model.name}</span>}
    >
      <Facts
        facts={[
          { name: 'Classifier', value: toFamilyTitle(model.family) },
          { name: 'Scaler', value: capitalize(model.scaler.kind) },
          { name: 'Threshold', value: `anomaly above ${model.threshold}` },
          { name: 'Anomaly', value: describeAnomaly(model) },
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

/** Metrics on rows that the model was not trained on, beside those of the other classifiers of the same training. */
export function TestPanel({ query, model: { family, origin, class_names } }: ShownModelProps) {
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
            { name: 'Alarms that are right (precision)', value: formatPercent(precision) },
            { name: 'Anomalies found (recall)', value: formatPercent(recall) },
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
  compared: OriginOf<'trained'>['comparison'];
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
          { title: 'Precision', isNumber: true, meaning: 'Share of the alarms that are right' },
          { title: 'Recall', isNumber: true, meaning: 'Share of the anomalies that are found' },
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
