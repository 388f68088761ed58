import type { ReactNode } from 'react';
import styles from './dialog.module.css';
import { Dialog } from './dialog.tsx';

interface DeletionDialogProps {
  /** The question. */
  title: string;
  /** What is deleted, such as `receiver`. */
  what: string;
  /** How far the deletion is. */
  deletion: { error: Error | null; isPending: boolean };
  onDelete: () => void;
  onClose: () => void;
  /** What else will be gone, and what stays. */
  children: ReactNode;
}

/** Asks before something is deleted, and says why it could not be. */
export function DeletionDialog({ title, what, deletion, onDelete, onClose, children }: DeletionDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      {deletion.error !== null && (
        <p role="alert" className={styles.fault}>
          The {what} could not be deleted: {deletion.error.message}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className={styles.danger} disabled={deletion.isPending} onClick={onDelete}>
          Delete {what}
        </button>
      </div>
    </Dialog>
  );
}
