import { Icon } from '../../ui/icon.tsx';
import styles from './receivers.module.css';
import type { useReceiverTest } from './use-receivers.ts';

type Test = ReturnType<typeof useReceiverTest>;

/** Sends a test message. It stays enabled while it waits, so that it keeps the focus. */
export function TestButton({ name, test }: { name: string; test: Test }) {
  return (
    <button
      type="button"
      aria-label={`Send a test message to ${name}`}
      onClick={() => test.isPending || test.mutate(name)}
    >
      {test.isPending ? 'Sending…' : 'Send a test message'}
    </button>
  );
}

/** What became of the test message. */
export function TestResult({ test: { isPending, data, error } }: { test: Test }) {
  const isDelivered = data?.delivered === true;
  return (
    <div role="status">
      {isPending && <p className={styles.quiet}>Waiting for the answer, for up to 10 seconds…</p>}
      {error !== null && (
        <p className={styles.fault}>
          <Icon name="offline" size={14} /> The test message could not be sent: {error.message}
        </p>
      )}
      {data !== undefined && (
        <p className={styles.state} data-state={isDelivered ? 'delivered' : 'failed'}>
          <Icon name={isDelivered ? 'check' : 'cross'} size={14} /> {data.text}
        </p>
      )}
    </div>
  );
}
