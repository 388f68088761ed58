import { matchesGlob, type Rule } from '@sensor-sentinel/contracts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { ApiError } from '../../api/api-error.ts';
import { fixedAnswer, idleIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toSeriesPoints } from '../series/use-series.ts';
import { type TimeWindow, toDurationMs } from '../time/time-window.ts';
import { toShownWindow } from '../url-state/time-transitions.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import type { PreviewedRule } from './rule-draft.ts';

/** The rules of all sensor types, with their states. */
export function useRules() {
  const api = useApi();
  return useQuery({
    queryKey: ['rules'],
    queryFn: ({ signal }) => api.getRules(signal),
    ...toRefreshPolicy(true),
  });
}

export function useRuleChange() {
  const api = useApi();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['rules'] });
  const store = useMutation({
    networkMode: 'always',
    mutationFn: (rule: Rule) => api.storeRule(rule),
    onSuccess,
  });
  const remove = useMutation({
    networkMode: 'always',
    mutationFn: (name: string) => api.deleteRule(name),
    onSuccess,
  });
  return { store, remove };
}

/** A live window moves on less often than that of charts, because a preview evaluates every reading. */
const stepsPerWindow = 100;

/** The selected window as of now. */
export function useLabWindow(): TimeWindow {
  const api = useApi();
  const { time } = useUrlState().state;
  const { mode, range } = time;
  const choice = `${mode} ${range}`;
  const [end, setEnd] = useState({ choice, ms: api.now() });
  if (end.choice !== choice) setEnd({ choice, ms: api.now() });
  useEffect(() => {
    if (mode !== 'live') return;
    const everyMs = Math.max(idleIntervalMs, toDurationMs(range) / stepsPerWindow);
    const timer = setInterval(() => setEnd((last) => ({ ...last, ms: api.now() })), everyMs);
    return () => clearInterval(timer);
  }, [api, mode, range]);
  const { from, to } = toShownWindow(time, end.ms);
  return useMemo(() => ({ from, to }), [from, to]);
}

const busyRetries = 20;
const busyRetryMs = 2000;

/** What a rule would have raised in the window and the selected sensors. The last answer is kept until the next one. */
export function usePreview(rule: PreviewedRule | undefined, window: TimeWindow) {
  const api = useApi();
  const { sensors } = useUrlState().state;
  const [progress, setProgress] = useState(0);
  const query = useQuery({
    // The name makes no difference.
    queryKey: ['rule-preview', { ...rule, name: '' }, window, sensors],
    queryFn: ({ signal }) => {
      if (rule === undefined) throw new Error('a preview needs a rule');
      const limited = sensors.length > 0 && { sensor_id: [...sensors] };
      setProgress(0);
      return api.previewRule({ rule, ...window, ...limited }, { signal, onProgress: setProgress });
    },
    enabled: rule !== undefined,
    placeholderData: keepPreviousData,
    ...fixedAnswer,
    retry: (count, error) => error instanceof ApiError && error.isOverloaded && count < busyRetries,
    retryDelay: busyRetryMs,
  });
  return { ...query, progress };
}

/** The readings of a sensor in the window, for the chart. */
export function useLabSeries(sensor: string | undefined, window: TimeWindow) {
  const api = useApi();
  const { name, model } = useSensorType();
  const params = { type: name, sensor_id: sensor, points: 500, by: 'sensor', ...window };
  const { data } = useQuery({
    queryKey: ['series', 'lab', params],
    queryFn: ({ signal }) => api.getSeries(params, signal),
    enabled: sensor !== undefined,
    placeholderData: keepPreviousData,
    ...fixedAnswer,
  });
  return useMemo(() => data && toSeriesPoints(data.series, model !== null), [data, model]);
}

const mostSensors = 200;

/** The sensors whose names match a glob; `isAll`: whether there are no more of them. */
export function useMatchingSensors(glob: string) {
  const api = useApi();
  const { name: type } = useSensorType();
  // The longest part of the glob without placeholders is in the name of each of them.
  const [part = ''] = glob.split(/[*?]+/).toSorted((a, b) => b.length - a.length);
  const search = part.trim().slice(0, 64);
  const { data } = useQuery({
    queryKey: ['sensor-names', 'rules', search, type],
    queryFn: ({ signal }) => api.getSensors({ type, search, limit: mostSensors }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: idleIntervalMs,
  });
  return useMemo(() => {
    if (data === undefined) return undefined;
    const names = data.sensors.map(({ sensor_id }) => sensor_id).filter((name) => matchesGlob(glob, name));
    return { names, isAll: data.total <= data.sensors.length };
  }, [data, glob]);
}

/** The value as it was when it last stayed the same for a while. */
export function useSettled<Value>(value: Value, forMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}
