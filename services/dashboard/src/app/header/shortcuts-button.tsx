import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './shortcuts.module.css';
import { helpKey, shortcuts } from './shortcuts.ts';
import { useShortcuts } from './use-shortcuts.ts';

const listed = [{ key: helpKey, title: 'Show this list' }, ...shortcuts];

export function ShortcutsButton() {
  const [isOpen, setIsOpen] = useState(false);
  const { isOn, choose } = useShortcuts(() => setIsOpen(true));
  return (
    <>
      <button
        type="button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => setIsOpen(true)}
      >
        {helpKey}
      </button>
      {isOpen && (
        <Dialog title="Keyboard shortcuts" onClose={() => setIsOpen(false)}>
          <label className={styles.choice}>
            <input type="checkbox" checked={isOn} onChange={({ target }) => choose(target.checked)} />
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
      )}
    </>
  );
}
