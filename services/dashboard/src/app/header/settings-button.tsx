import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { isThemeChoice, useTheme } from '../../ui/theme/theme-provider.tsx';
import styles from './settings.module.css';
import { helpKey, shortcuts, useShortcuts } from './shortcuts.ts';

const listed = [
  { key: helpKey, title: 'Show this list' },
  ...shortcuts,
  { key: 'y', title: 'Prediction is right, or incident is real (on a row or in its details)' },
  { key: 'n', title: 'Prediction is wrong, or incident is a false alarm (on a row or in its details)' },
  { key: 'a', title: 'Acknowledge the incident (on its row or in its details)' },
  { key: 'j', title: 'Next incident (on a row or in the details)' },
  { key: 'k', title: 'Previous incident (on a row or in the details)' },
];
const columns = [{ title: 'Key' }, { title: 'Effect' }];
const rows = listed.map(({ key, title }) => ({
  key,
  cells: [
    <kbd key="key" className={styles.key}>
      {key}
    </kbd>,
    title,
  ],
}));

/** The theme and the keyboard shortcuts. */
export function SettingsButton() {
  const [isOpen, setIsOpen] = useState(false);
  const { isOn, choose } = useShortcuts(() => setIsOpen(true));
  return (
    <>
      <button
        type="button"
        className={styles.opener}
        aria-label="Settings"
        title="Theme and keyboard shortcuts (?)"
        onClick={() => setIsOpen(true)}
      >
        <Icon name="settings" />
      </button>
      {isOpen && (
        <Dialog title="Settings" onClose={() => setIsOpen(false)}>
          <ThemeSelect />
          <label className={styles.choice}>
            <input type="checkbox" checked={isOn} onChange={({ target }) => choose(target.checked)} />
            Single-key shortcuts (ignored while typing)
          </label>
          <SimpleTable label="Keyboard shortcuts" columns={columns} rows={rows} />
        </Dialog>
      )}
    </>
  );
}

function ThemeSelect() {
  const { choice, choose } = useTheme();
  return (
    <label className={styles.choice}>
      Theme
      <select value={choice} onChange={({ target }) => isThemeChoice(target.value) && choose(target.value)}>
        <option value="system">Same as the system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
