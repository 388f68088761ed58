import type { Activation } from '@sensor-sentinel/contracts';
import { Icon } from '../../components/icon.tsx';
import { describeGate, describeVerdict } from './describe-gate.ts';
import styles from './gate.module.css';

interface GateAnswerProps {
  dryRun: { data: Activation | undefined; error: Error | null; isFetching: boolean };
}

/** What the replay of stored readings through another model has shown. */
export function GateAnswer({ dryRun: { data, error, isFetching } }: GateAnswerProps) {
  const gate = isFetching || error !== null ? undefined : data?.gate;
  return (
    <div role="status" className={styles.gate} data-passed={gate?.passed}>
      {isFetching && <p>Scoring the last readings again…</p>}
      {error !== null && !isFetching && (
        <p>
          <Icon name="offline" /> <strong>It could not be checked:</strong> {error.message}
        </p>
      )}
      {gate !== undefined && (
        <>
          <p>
            <Icon name={gate.passed ? 'check' : 'offline'} /> <strong>{describeVerdict(gate)}</strong>
          </p>
          <p>{describeGate(gate)}</p>
        </>
      )}
    </div>
  );
}
