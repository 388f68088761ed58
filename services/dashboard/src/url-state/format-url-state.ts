import { defaultUrlState, numberFilterNames, type TimeState, type UrlState } from './url-state.ts';

function toTimeEntries(time: TimeState): [string, string][] {
  const entries: [string, string][] = [
    ['mode', time.mode],
    ['range', time.range],
  ];
  if (time.mode !== 'live') entries.push(['from', time.from], ['to', time.to]);
  if (time.mode === 'paused') entries.push(['paused_at', time.pausedAt]);
  return entries;
}

/** A query string without `?`; what is as by default is left out, but for the time. */
export function formatUrlState(state: UrlState): string {
  const search = new URLSearchParams(toTimeEntries(state.time));
  if (state.sensor !== null) search.set('sensor', state.sensor);
  if (state.sort !== defaultUrlState.sort) search.set('sort', state.sort);
  if (state.order !== defaultUrlState.order) search.set('order', state.order);
  for (const name of numberFilterNames) {
    const value = state.filters[name];
    if (value !== undefined) search.set(name, String(value));
  }
  if (state.filters.prediction !== undefined) search.set('prediction', String(state.filters.prediction));
  if (state.size !== defaultUrlState.size) search.set('size', String(state.size));
  if (state.view !== defaultUrlState.view) search.set('view', state.view);
  if (state.reading !== null) search.set('reading', state.reading);
  if (state.model !== null) search.set('model', state.model);
  return search.toString().replaceAll('%3A', ':');
}
