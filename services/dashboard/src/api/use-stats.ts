import { useWindowQuery } from './use-window-query.ts';

export function useStats() {
  return useWindowQuery({ route: 'stats', get: (api) => api.getStats });
}
