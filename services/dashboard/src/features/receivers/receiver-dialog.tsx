import type { ListedReceiver } from '@sensor-sentinel/contracts';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { ReceiverForm } from './receiver-form.tsx';
import styles from './receivers.module.css';
import { TestButton, TestResult } from './test-message.tsx';
import { useReceiverTest } from './use-receivers.ts';

interface ReceiverDialogProps {
  /** The receiver to change; undefined: a new one. */
  receiver: ListedReceiver | undefined;
  /** The names of all receivers. */
  known: readonly string[];
  onClose: () => void;
}

/** Makes or changes a receiver, and then offers a test message. */
export function ReceiverDialog({ receiver, known, onClose }: ReceiverDialogProps) {
  const [stored, setStored] = useState<string | null>(null);
  const title = receiver === undefined ? 'New receiver' : `Edit ${receiver.name}`;
  return (
    <Dialog title={title} isForm onClose={onClose}>
      {stored === null ? (
        <ReceiverForm
          receiver={receiver}
          known={receiver === undefined ? known : []}
          onStored={setStored}
          onCancel={onClose}
        />
      ) : (
        <StoredPart name={stored} onClose={onClose} />
      )}
    </Dialog>
  );
}

function StoredPart({ name, onClose }: { name: string; onClose: () => void }) {
  const test = useReceiverTest();
  return (
    <>
      <p ref={focus} tabIndex={-1}>
        <strong>{name}</strong> is saved. Send a test message to see whether it arrives.
      </p>
      <TestResult test={test} />
      <div className={styles.actions}>
        <TestButton name={name} test={test} />
        <button type="button" className={styles.primary} onClick={onClose}>
          Done
        </button>
      </div>
    </>
  );
}

/** The text takes the focus, because the button that had it no longer exists. */
function focus(text: HTMLElement | null) {
  text?.focus();
}
