import type { PreviewProgress, Rule, RulePreview, RulePreviewRequest } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toValidationError } from '../../../http/parse-request.ts';
import { inSnapshot, selectRows } from '../../../storage/connection.ts';
import type { LoadedType } from '../../types/sensor-type.ts';
import { createEvaluator, type EvaluatedIncident } from '../evaluator.ts';
import { evaluateColumns, type PreviewEvaluation } from './evaluate-columns.ts';
import { findWindow, type PreviewWindow, toWindowFields } from './find-window.ts';
import { createIncidentTally, type IncidentTally } from './incident-tally.ts';
import { joinInOrder, type ReadingColumns, toColumns } from './reading-columns.ts';
import { type PagesQuery, selectPagesBySeq, selectPagesByTime } from './select-pages.ts';
import { createWindowCache } from './window-cache.ts';

const dayMs = 86_400_000;
/** The part of the time of a first preview in which readings are read. */
const readingShare = 0.8;

interface PreviewOptions {
  pool: Pool;
  now: () => Date;
  /** The most readings that are evaluated. */
  maxReadings: number;
  /** The most readings of a window that is kept in memory; those of larger ones are evaluated while they are read. */
  maxKeptReadings: number;
  maxClockSkewMs: number;
}

interface Preview {
  type: LoadedType;
  request: RulePreviewRequest;
  signal: AbortSignal;
  onProgress?: (progress: PreviewProgress) => void;
}

/** @throws ApiError `validation_failed`; StorageError; the reason of the signal */
export type PreviewRule = (preview: Preview) => Promise<RulePreview>;

/** Evaluates a rule over the stored readings of a window as it would have been evaluated live, starting with the window. */
export function createPreviewRule(options: PreviewOptions): PreviewRule {
  const { pool, now, maxReadings, maxKeptReadings, maxClockSkewMs } = options;
  const cache = createWindowCache();

  return async ({ type, request, signal, onProgress = () => undefined }) => {
    signal.throwIfAborted();
    const { rule } = request;
    const place = findPlace(rule, type);
    const nowMs = now().getTime();
    const window = await findWindow(pool, type, { request, nowMs });
    requireCount(window, maxReadings);
    const tally = createIncidentTally();
    const evaluation = createEvaluation(rule, { type, place, window, tally, signal, maxClockSkewMs });
    const { kept: range, read: sensors, hasFeedback, count } = window;
    const query = { type: type.id, sensors, range, place, hasFeedback };
    const { maxAgeMs } = evaluation;
    const readOptions = { query, count, maxAgeMs, onProgress, signal };
    let readings = 0;
    if (rule.condition.kind === 'rejected') onProgress({ progress: 1, readings });
    else if (count > maxKeptReadings) readings = await evaluatePages(pool, evaluation, readOptions);
    else {
      const key = JSON.stringify([query, maxAgeMs]);
      const columns = cache.find(key, window.version) ?? (await readColumns(pool, readOptions));
      cache.put(key, { version: window.version, columns });
      readings = await evaluateKept(columns, evaluation, onProgress);
    }
    const endMs = Math.min(window.range.toMs, nowMs);
    evaluation.evaluator.advance(endMs);
    tally.addChanges(evaluation.evaluator.takeChanges());
    return {
      rule,
      ...toWindowFields(window),
      readings,
      ...(await toResult(pool, tally, { window, rule, endMs })),
    };
  };
}

/** The place of the feature in the type; null if the rule is about none. @throws ApiError `validation_failed` */
function findPlace({ condition }: Rule, { name, featureNames }: LoadedType): number | null {
  if (!('feature' in condition)) return null;
  const place = featureNames.indexOf(condition.feature);
  if (place >= 0) return place;
  const message = `the sensor type ${name} has no such feature: expected one of ${featureNames.join(', ')}`;
  throw toValidationError([{ path: 'rule.condition.feature', message }]);
}

function requireCount({ count }: PreviewWindow, maxReadings: number): void {
  if (count <= maxReadings) return;
  const message = `the window has ${count} readings: expected at most ${maxReadings}; choose a shorter window, or sensors`;
  throw toValidationError([{ path: 'from', message }]);
}

interface EvaluationOptions extends Pick<PreviewEvaluation, 'place' | 'tally' | 'signal'> {
  type: LoadedType;
  window: PreviewWindow;
  maxClockSkewMs: number;
}

function createEvaluation(
  rule: Rule,
  { type, window, maxClockSkewMs, ...options }: EvaluationOptions,
): PreviewEvaluation {
  const { features } = type;
  const evaluator = createEvaluator({ features, rules: [rule], matches: () => true, maxClockSkewMs });
  // A rule about clocks is about the arrival of a reading, however old it is.
  const maxAgeMs = rule.condition.kind === 'clock_skew' ? Infinity : maxClockSkewMs;
  const isSelected = (sensor: number) => window.selected?.has(sensor) ?? true;
  return { evaluator, isSelected, maxAgeMs, ...options };
}

interface ReadOptions {
  query: PagesQuery;
  count: number;
  /** As for the evaluation. */
  maxAgeMs: number;
  onProgress: (progress: PreviewProgress) => void;
  signal: AbortSignal;
}

function readColumns(
  pool: Pool,
  { query, count, maxAgeMs, onProgress, signal }: ReadOptions,
): Promise<ReadingColumns> {
  return inSnapshot(pool, async (select) => {
    const pages: ReadingColumns[] = [];
    let readings = 0;
    for await (const rows of selectPagesByTime(select, query)) {
      pages.push(toColumns(rows));
      readings += rows.length;
      onProgress({ progress: readingShare * toShare(readings, count), readings });
      signal.throwIfAborted();
    }
    return joinInOrder(pages, maxAgeMs);
  });
}

function evaluateKept(
  columns: ReadingColumns,
  evaluation: PreviewEvaluation,
  onProgress: ReadOptions['onProgress'],
): Promise<number> {
  const { length } = columns.seq;
  return evaluateColumns(columns, evaluation, (evaluated) =>
    onProgress({
      progress: readingShare + (1 - readingShare) * toShare(evaluated, length),
      readings: evaluated,
    }),
  );
}

function evaluatePages(
  pool: Pool,
  evaluation: PreviewEvaluation,
  { query, count, onProgress, signal }: ReadOptions,
): Promise<number> {
  return inSnapshot(pool, async (select) => {
    let [read, evaluated] = [0, 0];
    for await (const rows of selectPagesBySeq(select, query, count)) {
      evaluated += await evaluateColumns(toColumns(rows), evaluation);
      read += rows.length;
      onProgress({ progress: toShare(read, count), readings: read });
      signal.throwIfAborted();
    }
    return evaluated;
  });
}

/** Readings that arrived since they were counted may exceed the count. */
function toShare(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, part / whole);
}

const unsupported =
  'Rejected readings are counted as they arrive, and are not stored, so that this rule cannot be evaluated over a window.';

interface ResultOptions {
  window: PreviewWindow;
  rule: Rule;
  endMs: number;
}

async function toResult(pool: Pool, tally: IncidentTally, { window, rule, endMs }: ResultOptions) {
  const { newest, incidents, sensors, medianLengthMs, medianDelayMs, feedback } = tally.finish(endMs);
  const { fromMs, toMs } = window.range;
  return {
    incidents: await toIncidents(pool, newest),
    incidents_truncated: newest.length < incidents,
    counts: { incidents, per_day: (incidents * dayMs) / (toMs - fromMs), sensors },
    median_length_s: toSeconds(medianLengthMs),
    median_delay_s: toSeconds(medianDelayMs),
    feedback,
    ...(rule.condition.kind === 'rejected' && { unsupported }),
  };
}

async function toIncidents(
  pool: Pool,
  incidents: readonly EvaluatedIncident[],
): Promise<RulePreview['incidents']> {
  if (incidents.length === 0) return [];
  const sql = 'SELECT id, name FROM sensors WHERE id IN (?)';
  const keys = [...new Set(incidents.map(({ sensor }) => sensor))];
  const rows = await selectRows<{ id: number; name: string }>(pool, { sql, values: [keys] });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return incidents.flatMap((incident) => {
    const sensor_id = names.get(incident.sensor);
    if (sensor_id === undefined) return []; // deleted meanwhile, with its type
    const { startedMs, openedMs, clearedMs, readings, anomalies, peakScore } = incident;
    return {
      sensor_id,
      started_at: toUtc(startedMs),
      opened_at: toUtc(openedMs),
      cleared_at: clearedMs === null ? null : toUtc(clearedMs),
      readings,
      anomalies,
      peak_score: peakScore,
    };
  });
}

function toUtc(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function toSeconds(timeMs: number | null): number | null {
  return timeMs === null ? null : timeMs / 1000;
}
