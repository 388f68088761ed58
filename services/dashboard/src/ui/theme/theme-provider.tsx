import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { loadStored, store } from '../stored-choice.ts';
import { isThemeChoice, type ResolvedTheme, resolveTheme, type ThemeChoice } from './theme.ts';

interface Theme {
  choice: ThemeChoice;
  resolved: ResolvedTheme;
  choose: (choice: ThemeChoice) => void;
}

const ThemeContext = createContext<Theme | null>(null);
const storageKey = 'sensor-sentinel-theme';
const darkQuery = '(prefers-color-scheme: dark)';

function subscribeToSystem(listener: () => void): () => void {
  const query = window.matchMedia(darkQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

function loadChoice(): ThemeChoice {
  const stored = loadStored(storageKey);
  return isThemeChoice(stored) ? stored : 'system';
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState(loadChoice);
  const systemIsDark = useSyncExternalStore(subscribeToSystem, () => window.matchMedia(darkQuery).matches);
  const resolved = resolveTheme(choice, systemIsDark);

  useEffect(() => {
    document.documentElement.dataset.theme = resolved;
  }, [resolved]);

  function choose(next: ThemeChoice) {
    store(storageKey, next);
    setChoice(next);
  }

  return <ThemeContext value={{ choice, resolved, choose }}>{children}</ThemeContext>;
}

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === null) throw new Error('useTheme needs a ThemeProvider around it');
  return theme;
}
