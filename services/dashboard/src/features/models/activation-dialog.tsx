import type { Activation } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { formatPercent } from '../../ui/format-number.ts';
import { Icon } from '../../ui/icon.tsx';
import tableStyles from '../../ui/table.module.css';
import styles from './activation-dialog.module.css';
import {
  describeGate,
  describeGateResult,
  describeLittleFeedback,
  formatLimit,
  formatPoints,
  type MetricChange,
  toAcceptedShare,
  toFeedbackChanges,
  toGateResult,
  toHeldOutChanges,
  toPoints,
} from './describe-activation.ts';
import type { LoadedModel, ModelRow } from './model-rows.ts';

import { useActivation, useDryRun } from './use-model.ts';

interface ActivationDialogProps {
  row: ModelRow;
  inUse: LoadedModel | undefined;
  /** The name of the model in use. */
  active: string | null;
  onClose: () => void;
  onActivated: (activation: Activation) => void;
}

/** Shows what another model would change, before it is activated. */
export function ActivationDialog({ row, inUse, active, onClose, onActivated }: ActivationDialogProps) {
  const { name } = row.model;
  const dryRun = useDryRun(name, active);
  const activation = useActivation();
  const [isAccepted, setIsAccepted] = useState(false);
  const gate = dryRun.data?.gate;
  const isRefused = gate?.passed === false;
  const isReady = gate !== undefined && !dryRun.isFetching && (!isRefused || isAccepted);

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

  const isRollback = row.state === 'previous';
  return (
    <Dialog title={isRollback ? 'Roll back?' : 'Activate another model?'} onClose={onClose}>
      <p className={styles.words}>
        <strong>{name}</strong> will score every new reading
        {active !== null && (
          <>
            {' '}
            instead of <strong>{active}</strong>, to which you can roll back
          </>
        )}
        . Stored readings keep their predictions.
      </p>
      <ChangesTable candidate={row.model} inUse={inUse} feedback={dryRun.data?.feedback} />
      <GateResult dryRun={dryRun} />
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

interface ChangesTableProps {
  candidate: LoadedModel;
  inUse: LoadedModel | undefined;
  /** Undefined until the check is done. */
  feedback: Activation['feedback'] | undefined;
}

/** Recall and precision of both models, on held-out data and on readings with feedback. */
function ChangesTable({ candidate, inUse, feedback }: ChangesTableProps) {
  const heldOut = toHeldOutChanges(candidate, inUse);
  const onFeedback = feedback && toFeedbackChanges(feedback);
  return (
    <table className={`${tableStyles.table} ${styles.changes}`} aria-label="Change in recall and precision">
      <thead>
        <tr>
          <td />
          <th scope="col" data-number>
            In use
          </th>
          <th scope="col" data-number>
            New
          </th>
          <th scope="col" data-number>
            Change
          </th>
        </tr>
      </thead>
      <ChangeRows title="On held-out data" changes={heldOut.changes} note={heldOut.note} />
      <ChangeRows
        title={feedback && onFeedback ? `On ${feedback.readings} readings with feedback` : 'On feedback'}
        changes={onFeedback ?? []}
        note={feedback && !onFeedback ? describeLittleFeedback(feedback) : null}
      />
    </table>
  );
}

interface ChangeRowsProps {
  title: string;
  changes: readonly MetricChange[];
  note: string | null;
}

function ChangeRows({ title, changes, note }: ChangeRowsProps) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={4} className={styles.changesTitle}>
          {title}
          {note !== null && <span> {note}</span>}
        </th>
      </tr>
      {changes.map((change) => {
        const points = toPoints(change);
        return (
          <tr key={change.name}>
            <th scope="row">{change.name}</th>
            <td data-number>{formatShare(change.inUse)}</td>
            <td data-number>{formatShare(change.candidate)}</td>
            <td data-number data-worse={(points ?? 0) <= -0.05 || undefined}>
              {formatPoints(points)}
            </td>
          </tr>
        );
      })}
    </tbody>
  );
}

function formatShare(share: number | null): string {
  return share === null ? '–' : formatPercent(share);
}

interface GateResultProps {
  dryRun: { data: Activation | undefined; error: Error | null; isFetching: boolean };
}

/** How many predictions of recent readings would change. */
function GateResult({ dryRun: { data, error, isFetching } }: GateResultProps) {
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
