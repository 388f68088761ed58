import styles from './figures.module.css';

export function Hash({ hash }: { hash: string }) {
  return <code className={styles.hash}>{hash}</code>;
}
