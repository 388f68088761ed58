import { useWindowQuery } from '../url-state/use-window-query.ts';

export function useDistribution() {
  return useWindowQuery({ route: 'distribution', get: (api) => api.getDistribution });
}
