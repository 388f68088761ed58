import type { ReactNode } from 'react';
import styles from './facts.module.css';

export interface Fact {
  name: string;
  value: ReactNode;
}

interface FactsProps {
  facts: readonly Fact[];
  /** Lays out short figures in a row. */
  isDense?: boolean;
}

export function Facts({ facts, isDense = false }: FactsProps) {
  return (
    <dl className={styles.facts} data-dense={isDense || undefined}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
