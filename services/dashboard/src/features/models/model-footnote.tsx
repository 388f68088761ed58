import { formatCount, formatDecimal, formatPercent } from '../../ui/format-number.ts';
import { toZoneText } from '../time/format-time.ts';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import { toFamilyTitle } from './family-title.ts';
import styles from './model-footnote.module.css';
import { useModel } from './use-model.ts';

export function ModelFootnote() {
  const zoneText = toZoneText(useZone(), new Date());
  return (
    <footer className={styles.footnote}>
      <ModelText />
      <p>
        Times are in {zoneText}
        {zoneText === 'UTC' ? '.' : '; hover over a time to see it in UTC.'}
      </p>
    </footer>
  );
}

function ModelText() {
  const model = useModel();
  const { type } = useUrlState();
  if (type?.model === null) return <p>No model scores the readings of the type {type.name} yet.</p>;
  if (model.isError) return <p>The model could not be loaded: {model.error.message}</p>;
  if (model.data === undefined) return <p>Loading the model…</p>;
  const { name, family, origin, threshold } = model.data;
  return (
    <p>
      Predictions by <strong>{name}</strong> ({toFamilyTitle(family).toLowerCase()}, threshold {threshold}).
      {origin.kind === 'trained' && (
        <>
          {' '}
          On {formatCount(origin.test.rows)} test rows: accuracy {formatPercent(origin.test.accuracy)}, F1{' '}
          {formatDecimal(origin.test.f1, 3)}.
        </>
      )}
    </p>
  );
}
