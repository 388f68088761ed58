import type { ModelOrigin } from '@sensor-sentinel/contracts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatAmount, formatCount, formatPercent } from '../../ui/format-number.ts';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import styles from './figures.module.css';
import { formatDifference } from './format-difference.ts';
import { Hash } from './hash.tsx';

/** How the model was created. */
export function OriginPanel({ query, origin }: { query: ShownQuery; origin: ModelOrigin }) {
  return (
    <Panel title="Origin" query={query} aside={origin.kind === 'trained' ? 'trained here' : 'imported'}>
      {origin.kind === 'trained' ? <Training origin={origin} /> : <Import origin={origin} />}
    </Panel>
  );
}

type OriginOf<Kind> = Extract<ModelOrigin, { kind: Kind }>;

function Training({ origin }: { origin: OriginOf<'trained'> }) {
  const { rows, train_rows, seed, library, cross_validation: validation, parameters } = origin;
  const facts: Fact[] = [
    { name: 'Rows', value: formatCount(rows) },
    { name: 'Fitted on', value: formatAmount(train_rows, 'row') },
    { name: 'Seed', value: seed },
  ];
  if (library !== undefined) facts.push({ name: 'Trained with', value: library });
  if (validation !== undefined) {
    const value = `${formatPercent(validation.mean)} ± ${formatPercent(validation.sd)}, ${validation.folds} folds`;
    facts.push({ name: 'Cross-validation', value });
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
