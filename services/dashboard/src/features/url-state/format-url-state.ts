import { defaultUrlState, type SensorList, type TimeState, type UrlState } from './url-state.ts';

function toTimeEntries(time: TimeState): [string, string][] {
  const entries: [string, string][] = [
    ['mode', time.mode],
    ['range', time.range],
  ];
  if (time.mode !== 'live') entries.push(['from', time.from], ['to', time.to]);
  if (time.mode === 'paused') entries.push(['paused_at', time.pausedAt]);
  return entries;
}

function toListEntries({ search, sort, order, sparkline }: SensorList): [string, string][] {
  const { sensorList } = defaultUrlState;
  const entries: [string, string, string][] = [
    ['sensor_search', search, sensorList.search],
    ['sensor_sort', sort, sensorList.sort],
    ['sensor_order', order, sensorList.order],
    ['sparkline', sparkline, sensorList.sparkline],
  ];
  return entries.flatMap(([name, value, byDefault]) => (value === byDefault ? [] : [[name, value]]));
}

/** A query string without `?`. Omits defaults, except for the time and the time zone. */
export function formatUrlState(state: UrlState): string {
  const search = new URLSearchParams(toTimeEntries(state.time));
  search.set('zone', state.zone);
  if (state.type !== undefined) search.set('type', state.type);
  for (const sensor of state.sensors) search.append('sensor', sensor);
  if (state.sort !== defaultUrlState.sort) search.set('sort', state.sort);
  if (state.order !== defaultUrlState.order) search.set('order', state.order);
  for (const [name, value] of Object.entries(state.filters.bounds)) search.set(name, String(value));
  if (state.filters.prediction !== undefined) search.set('prediction', String(state.filters.prediction));
  if (state.view !== defaultUrlState.view) search.set('view', state.view);
  for (const axis of ['x', 'y'] as const) {
    const feature = state.scatter[axis];
    if (feature !== null) search.set(`scatter_${axis}`, feature);
  }
  for (const feature of state.features) search.append('feature', feature);
  for (const [name, value] of toListEntries(state.sensorList)) search.set(name, value);
  if (state.reading !== null) search.set('reading', state.reading);
  if (state.incident !== null) search.set('incident', state.incident);
  if (state.model !== null) search.set('model', state.model);
  return search.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
}
