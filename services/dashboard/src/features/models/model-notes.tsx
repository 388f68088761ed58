import { formatCount, formatPercent } from '../../ui/format-number.ts';
import { toZoneText } from '../time/format-time.ts';
import { useUrlState, useZone } from '../url-state/url-state-context.ts';
import styles from './model-notes.module.css';
import { toFamilyTitle } from './model-rows.ts';
import { useModel } from './use-model.ts';

/** Says how to add a model to a type that has none. */
export function NoModelNotice() {
  const { type } = useUrlState();
  if (type === null || type.model !== null) return null;
  return (
    <section className={styles.notice} aria-label="No model yet">
      <strong>No model yet</strong>
      <span>
        Readings of the type {type.name} are stored, but not scored. To add a model, train one or import one:
      </span>
      <code>npm run train -- --data labeled.csv --type {type.name}</code>
      <code>npm run model:import -- model.pkl --type {type.name}</code>
    </section>
  );
}

/** Below every page: the model in use, and the time zone. */
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
      Predictions by <strong>{name}</strong> ({toFamilyTitle(family).toLowerCase()}, anomaly above {threshold}
      ).
      {origin.kind === 'trained' && (
        <>
          {' '}
          {formatPercent(origin.test.accuracy)} of {formatCount(origin.test.rows)} test rows were predicted
          correctly.
        </>
      )}
    </p>
  );
}
