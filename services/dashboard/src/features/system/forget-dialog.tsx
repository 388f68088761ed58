import { Dialog } from '../../ui/dialog.tsx';
import styles from './replays.module.css';
import { useForgetReplay } from './use-replays.ts';

export function ForgetDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const forget = useForgetReplay();
  return (
    <Dialog title={`Delete the replay ${name}?`} onClose={onClose}>
      <p>
        This deletes the progress of the replay and keeps its readings. Active senders lose their leases. The
        next sender starts the file from the beginning, so rows without an id of their own are stored twice.
      </p>
      {forget.isError && (
        <p role="alert" className={styles.fault}>
          The replay could not be deleted: {forget.error.message}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className={styles.danger}
          disabled={forget.isPending}
          onClick={() => forget.mutate(name, { onSuccess: onClose })}
        >
          Delete replay
        </button>
      </div>
    </Dialog>
  );
}
