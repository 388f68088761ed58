import { useWindowQuery } from '../url-state/use-window-query.ts';

export function useAccuracy() {
  return useWindowQuery({ route: 'accuracy', get: (api) => api.getAccuracy });
}
