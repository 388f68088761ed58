import type { Activation } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { formatLimit, toAcceptedShare } from './describe-gate.ts';
import styles from './gate.module.css';
import { GateAnswer } from './gate-answer.tsx';
import type { ModelRow } from './model-rows.ts';
import { useActivation, useDryRun } from './use-activation.ts';

interface ActivationDialogProps {
  row: ModelRow;
  active: string | null;
  onClose: () => void;
  onActivated: (activation: Activation) => void;
}

/** Shows how predictions would change, before the model is activated. */
export function ActivationDialog({ row, active, onClose, onActivated }: ActivationDialogProps) {
  const { name } = row.model;
  const isRollback = row.state === 'previous';
  const dryRun = useDryRun(name, { active, isEnabled: true });
  const activation = useActivation();
  const [isAccepted, setIsAccepted] = useState(false);

  const gate = dryRun.data?.gate;
  const isRefused = gate?.passed === false;

  function activate() {
    const maxChanged = gate !== undefined && isRefused ? toAcceptedShare(gate) : undefined;
    activation.mutate(
      { name, maxChanged },
      {
        onSuccess: onActivated,
        // New readings have arrived since the check.
        onError: () => dryRun.refetch(),
      },
    );
  }

  return (
    <Dialog title={isRollback ? 'Roll back?' : 'Activate another model?'} onClose={onClose}>
      <p>
        <strong>{name}</strong> will score every new reading
        {active !== null && (
          <>
            instead of <strong>{active}</strong>, which stays available for rollback
          </>
        )}
        . Stored readings keep their predictions.
      </p>
      <GateAnswer dryRun={dryRun} />
      {gate !== undefined && isRefused && (
        <label className={styles.accept}>
          <input
            type="checkbox"
            checked={isAccepted}
            onChange={({ target }) => setIsAccepted(target.checked)}
          />
          <span>
            I have reviewed the changes. Activate anyway, as long as at most{' '}
            {formatLimit(toAcceptedShare(gate))} of the predictions change.
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
          disabled={
            gate === undefined || dryRun.isFetching || activation.isPending || (isRefused && !isAccepted)
          }
          onClick={activate}
        >
          {isRollback ? 'Roll back' : 'Activate'}
          {activation.isPending && '…'}
        </button>
      </div>
    </Dialog>
  );
}
