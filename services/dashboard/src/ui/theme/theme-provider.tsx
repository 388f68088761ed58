import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { loadStored, store } from '../stored-choice.ts';
import { useMediaQuery } from '../use-media-query.ts';

export type ResolvedTheme = 'light' | 'dark';
type ThemeChoice = 'system' | ResolvedTheme;

interface Theme {
  choice: ThemeChoice;
  resolved: ResolvedTheme;
  choose: (choice: ThemeChoice) => void;
}

const ThemeContext = createContext<Theme | null>(null);
const storageKey = 'sensor-sentinel-theme';

export function isThemeChoice(value: unknown): value is ThemeChoice {
  return value === 'system' || value === 'light' || value === 'dark';
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<ThemeChoice>(() => {
    const stored = loadStored(storageKey);
    return isThemeChoice(stored) ? stored : 'system';
  });
  const system = useMediaQuery('(prefers-color-scheme: dark)') ? 'dark' : 'light';
  const resolved = choice === 'system' ? system : choice;

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
