import { useWindowQuery } from '../url-state/use-window-query.ts';

const points = 1000;

export function useSeries() {
  return useWindowQuery({ route: 'series', get: (api) => api.getSeries, params: { points } });
}
