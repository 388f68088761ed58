import type { Activation } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import tableStyles from '../../ui/table.module.css';
import styles from './activation-dialog.module.css';
import {
  type Comparison,
  compareOnFeedback,
  compareOnHeldOut,
  describeGate,
  formatLimit,
  toAcceptedShare,
  toGateReport,
} from './describe-activation.ts';
import type { LoadedModel, ModelRow } from './model-rows.ts';
import { useActivation, useDryRun } from './use-model.ts';

interface ActivationDialogProps {
  row: ModelRow;
  inUse: LoadedModel | undefined;
  onClose: () => void;
  onActivated: (activation: Activation) => void;
}

/** Shows what another model would change, before it is activated. */
export function ActivationDialog({
  row: { model, state },
  inUse,
  onClose,
  onActivated,
}: ActivationDialogProps) {
  const { name } = model;
  const dryRun = useDryRun(name, inUse?.name);
  const activation = useActivation();
  const [isAccepted, setIsAccepted] = useState(false);
  const gate = dryRun.data?.gate;
  const accepted = gate?.passed === false ? toAcceptedShare(gate) : undefined;
  const isReady = gate !== undefined && !dryRun.isFetching && (accepted === undefined || isAccepted);

  function activate() {
    activation.mutate(
      { name, maxChanged: accepted },
      // After a failure, the check is repeated: new readings have arrived since.
      { onSuccess: onActivated, onError: () => dryRun.refetch() },
    );
  }

  const isRollback = state === 'previous';
  return (
    <Dialog title={isRollback ? 'Roll back?' : 'Activate another model?'} onClose={onClose}>
      <p className={styles.words}>
        <strong>{name}</strong> will score every new reading
        {inUse !== undefined && (
          <>
            {' '}
            instead of <strong>{inUse.name}</strong>, to which you can roll back
          </>
        )}
        . Stored readings keep their predictions.
      </p>
      <ComparisonTable
        comparisons={[compareOnHeldOut(model, inUse), compareOnFeedback(dryRun.data?.feedback)]}
      />
      <GateResult dryRun={dryRun} />
      {accepted !== undefined && (
        <label className={styles.accept}>
          <input
            type="checkbox"
            checked={isAccepted}
            onChange={({ target }) => setIsAccepted(target.checked)}
          />
          <span>
            I have reviewed the changes. Activate anyway, as long as at most {formatLimit(accepted)} of the
            predictions change.
          </span>
        </label>
      )}
      {activation.error !== null && (
        <p role="alert">
          <Icon name="offline" /> <strong>Activation failed:</strong> {activation.error.message}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className={styles.primary}
          disabled={!isReady || activation.isPending}
          onClick={activate}
        >
          {isRollback ? 'Roll back' : 'Activate'}
          {activation.isPending && '…'}
        </button>
      </div>
    </Dialog>
  );
}

/** Recall and precision of both models. */
function ComparisonTable({ comparisons }: { comparisons: readonly Comparison[] }) {
  return (
    <table className={`${tableStyles.table} ${styles.changes}`} aria-label="Change in recall and precision">
      <thead>
        <tr>
          <td />
          {['In use', 'New', 'Change'].map((title) => (
            <th key={title} scope="col" data-number>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      {comparisons.map(({ title, note, metrics }) => (
        <tbody key={title}>
          <tr>
            <th scope="rowgroup" colSpan={4} className={styles.changesTitle}>
              {title}
              {note !== null && <span> {note}</span>}
            </th>
          </tr>
          {metrics.map(({ name, inUse, candidate, change, isWorse }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-number>{inUse}</td>
              <td data-number>{candidate}</td>
              <td data-number data-worse={isWorse || undefined}>
                {change}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** How many predictions of recent readings would change. */
function GateResult({ dryRun: { data, error, isFetching } }: { dryRun: ReturnType<typeof useDryRun> }) {
  const gate = isFetching || error !== null ? undefined : data?.gate;
  const report = gate && toGateReport(gate);
  return (
    <div role="status" className={styles.gate} data-result={report?.result}>
      {isFetching && <p>Scoring recent readings…</p>}
      {error !== null && !isFetching && (
        <p>
          <Icon name="offline" /> <strong>Check failed:</strong> {error.message}
        </p>
      )}
      {gate !== undefined && report !== undefined && (
        <>
          <p>
            <Icon name={report.result === 'passed' ? 'check' : 'offline'} /> <strong>{report.title}</strong>
          </p>
          <p>{describeGate(gate)}</p>
        </>
      )}
    </div>
  );
}
