import { useId } from 'react';
import { isThemeChoice } from '../../ui/theme/theme.ts';
import { useTheme } from '../../ui/theme/theme-provider.tsx';
import styles from './header.module.css';

export function ThemeSwitch() {
  const { choice, choose } = useTheme();
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className="visually-hidden">
        Theme
      </label>
      <select
        id={id}
        value={choice}
        onChange={({ target }) => isThemeChoice(target.value) && choose(target.value)}
      >
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </div>
  );
}
