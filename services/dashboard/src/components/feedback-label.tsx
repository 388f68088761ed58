import type { Truth } from '@sensor-sentinel/contracts';
import { Icon } from './icon.tsx';
import styles from './truth-label.module.css';

const origins = { label: 'by its label', verdict: 'by a verdict' } as const;

/** Whether a prediction was right, and by whom that is known. */
export function TruthLabel({ truth, prediction }: { truth: Truth; prediction: 0 | 1 }) {
  const isRight = truth.label === prediction;
  return (
    <span className={styles.label} data-right={isRight}>
      <Icon name={isRight ? 'check' : 'cross'} size={14} /> {isRight ? 'Right' : 'Wrong'}{' '}
      <span className={styles.origin}>{origins[truth.source]}</span>
    </span>
  );
}
