import type { Activation } from '@sensor-sentinel/contracts';
import { Icon } from '../../ui/icon.tsx';
import { describeGate, describeGateResult, toGateResult } from './describe-gate.ts';
import styles from './gate.module.css';

interface GateAnswerProps {
  dryRun: { data: Activation | undefined; error: Error | null; isFetching: boolean };
}

/** The result of scoring recent readings with another model. */
export function GateAnswer({ dryRun: { data, error, isFetching } }: GateAnswerProps) {
  const gate = isFetching || error !== null ? undefined : data?.gate;
  const result = gate === undefined ? undefined : toGateResult(gate);
  return (
    <div role="status" className={styles.gate} data-result={result}>
      {isFetching && <p>Scoring recent readings…</p>}
      {error !== null && !isFetching && (
        <p>
          <Icon name="offline" /> <strong>Check failed:</strong> {error.message}
        </p>
      )}
      {gate !== undefined && (
        <>
          <p>
            <Icon name={result === 'passed' ? 'check' : 'offline'} />{' '}
            <strong>{describeGateResult(gate)}</strong>
          </p>
          <p>{describeGate(gate)}</p>
        </>
      )}
    </div>
  );
}
