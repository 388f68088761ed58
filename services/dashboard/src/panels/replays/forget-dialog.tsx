import { useForgetReplay } from '../../api/use-replays.ts';
import { Dialog } from '../../components/dialog.tsx';
import styles from './replays-view.module.css';

export function ForgetDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const forget = useForgetReplay();
  return (
    <Dialog title={`Forget ${name}?`} onClose={onClose}>
      <p>
        Its progress is forgotten; its readings stay. Senders that are at work lose their rows, and the next
        one that asks begins the file anew, so that readings without ids of their own are stored a second
        time.
      </p>
      {forget.isError && (
        <p role="alert" className={styles.fault}>
          It was not forgotten: {forget.error.message}
        </p>
      )}
      <div className={styles.actions}>
        <button type="button" onClick={onClose}>
          Keep it
        </button>
        <button
          type="button"
          className={styles.danger}
          disabled={forget.isPending}
          onClick={() => forget.mutate(name, { onSuccess: onClose })}
        >
          Forget this replay
        </button>
      </div>
    </Dialog>
  );
}
