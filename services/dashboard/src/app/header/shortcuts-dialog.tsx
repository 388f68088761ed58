import { Dialog } from '../../ui/dialog.tsx';
import styles from './shortcuts.module.css';
import { helpKey, shortcuts } from './shortcuts.ts';

const listed = [{ key: helpKey, title: 'Show this list' }, ...shortcuts];

interface ShortcutsDialogProps {
  isOn: boolean;
  onChoose: (isOn: boolean) => void;
  onClose: () => void;
}

export function ShortcutsDialog({ isOn, onChoose, onClose }: ShortcutsDialogProps) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <label className={styles.choice}>
        <input type="checkbox" checked={isOn} onChange={({ target }) => onChoose(target.checked)} />
        Enable single-key shortcuts (ignored while typing)
      </label>
      <table className={styles.keys} aria-label="Shortcuts" data-off={!isOn || undefined}>
        <tbody>
          {listed.map(({ key, title }) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
