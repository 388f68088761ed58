import { useWindowQuery } from './use-window-query.ts';

export function useDistribution() {
  return useWindowQuery({ route: 'distribution', get: (api) => api.getDistribution });
}
