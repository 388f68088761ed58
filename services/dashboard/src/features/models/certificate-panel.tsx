import { Facts } from '../../ui/facts.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../panel/panel.tsx';
import type { ShownQuery } from '../panel/use-query-freshness.ts';
import styles from './figures.module.css';
import { formatDifference } from './format-difference.ts';
import { Hash } from './hash.tsx';
import type { LoadedModel } from './model-rows.ts';

/** The checks that the API ran when it loaded the file. */
export function CertificatePanel({ query, model }: { query: ShownQuery; model: LoadedModel }) {
  const { sha256, data_sha256, reference_vectors, max_difference } = model.certificate;
  return (
    <Panel title="Verification" query={query}>
      <p className={styles.verified}>
        <Icon name="check" /> Verified when loaded
      </p>
      <Facts
        facts={[
          { name: 'Reference vectors checked', value: formatCount(reference_vectors) },
          { name: 'Largest difference', value: formatDifference(max_difference) },
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
