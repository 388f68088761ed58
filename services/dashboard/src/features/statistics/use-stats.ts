import { useWindowQuery } from '../url-state/use-window-query.ts';

export function useStats() {
  return useWindowQuery({ route: 'stats', get: (api) => api.getStats });
}
