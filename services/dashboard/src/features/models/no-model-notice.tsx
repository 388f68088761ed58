import styles from '../../app/header/header.module.css';
import { useUrlState } from '../url-state/url-state-context.ts';

/** Says how to add a model to a type that has none. */
export function NoModelNotice() {
  const { type } = useUrlState();
  if (type === null || type.model !== null) return null;
  return (
    <section className={styles.note} aria-label="No model yet">
      <strong>No model yet</strong>
      <span>
        Readings of the type {type.name} are stored, but not scored. To add a model, train one or import one:
      </span>
      <code>npm run train -- --data labeled.csv --type {type.name}</code>
      <code>npm run model:import -- model.pkl --type {type.name}</code>
    </section>
  );
}
