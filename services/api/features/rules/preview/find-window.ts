import { matchesGlob, type RulePreviewRequest } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toValidationError } from '../../../http/parse-request.ts';
import { forEachYielding } from '../../../http/work-limit.ts';
import { selectRows } from '../../../storage/connection.ts';
import { findSensorKeys, fromSensorName } from '../../../storage/keys.ts';
import { rangeConditions, toWhere } from '../../../storage/where.ts';
import { findAccuracy } from '../../feedback/find-accuracy.ts';
import { mergeRollups } from '../../statistics/rollups/rollup.ts';
import { selectSegments, toCountedAnswer, toWindow } from '../../statistics/select-segments.ts';
import { planWindow, type Range } from '../../statistics/window-plan.ts';
import type { LoadedType } from '../../types/sensor-type.ts';

const dayMs = 86_400_000;
/** Beyond this number of sensors, the readings of all sensors of the type are read by one query. */
const maxSeparateSensors = 20;
/** How long feedback counts as unchanged if the number of readings per label and prediction is the same. */
const feedbackAgeMs = 60_000;

/** The window of a preview, and what the statistics say about its readings. */
export interface PreviewWindow {
  /** As requested. */
  range: Range;
  /** Without what retention has removed. */
  kept: Range;
  /** The keys of the sensors to which the rule applies; undefined: all. */
  selected: ReadonlySet<number> | undefined;
  /** The keys of the sensors whose readings are read; undefined: all. */
  read: readonly number[] | undefined;
  /** The number of readings to read. */
  count: number;
  hasFeedback: boolean;
  /** Differs if the readings may have changed. */
  version: string;
}

/** @throws ApiError `validation_failed`; StorageError */
export async function findWindow(
  pool: Pool,
  type: LoadedType,
  { request, nowMs }: { request: RulePreviewRequest; nowMs: number },
): Promise<PreviewWindow> {
  const range = toPreviewRange(request, nowMs);
  const keys = await findSelected(pool, type.id, request);
  const read = keys && keys.length <= maxSeparateSensors ? keys : undefined;
  let kept = range;
  const { parts } = await selectSegments(pool, {
    type,
    keys: read,
    toPlan: (horizons) => {
      const fromMs = Math.min(range.toMs, Math.max(range.fromMs, horizons.readings));
      kept = { fromMs, toMs: range.toMs };
      return fromMs < range.toMs ? planWindow(kept, horizons) : { counted: kept, segments: [] };
    },
  });
  const { count, anomalies, bins } = mergeRollups(parts.map(({ rollup }) => rollup));
  const labels = keys?.length === 0 ? null : await findLabelsVersion(pool, type, { range, nowMs });
  return {
    range,
    kept,
    selected: keys && new Set(keys),
    read,
    count,
    hasFeedback: labels !== null,
    version: JSON.stringify([kept, count, anomalies, bins, labels]),
  };
}

/** The window, as an answer repeats it. */
export function toWindowFields({ range, kept }: PreviewWindow) {
  return { ...toWindow(range), ...toCountedAnswer(range, kept) };
}

function toPreviewRange(request: RulePreviewRequest, nowMs: number): Range {
  const toMs = request.to === undefined ? nowMs : Date.parse(request.to);
  const fromMs = request.from === undefined ? Math.max(0, toMs - dayMs) : Date.parse(request.from);
  if (fromMs < toMs) return { fromMs, toMs };
  throw toValidationError([{ path: 'from', message: 'expected a time before `to`, whose default is now' }]);
}

/** The keys of the sensors to which the rule applies; undefined: all of the type. */
async function findSelected(
  pool: Pool,
  type: number,
  { rule, sensor_id }: RulePreviewRequest,
): Promise<number[] | undefined> {
  if (sensor_id !== undefined) {
    const keys = await findSensorKeys(
      pool,
      sensor_id.map((name) => [type, name] as const),
    );
    return [...keys]
      .filter(([name]) => matchesGlob(rule.sensors, fromSensorName(name)[1]))
      .map(([, key]) => key);
  }
  if (rule.sensors === '*') return undefined;
  const sql = 'SELECT id, name FROM sensors WHERE type = ?';
  const rows = await selectRows<{ id: number; name: string }>(pool, { sql, values: [type] });
  const matching: number[] = [];
  await forEachYielding(rows.length, (at) => {
    const row = rows[at];
    if (row && matchesGlob(rule.sensors, row.name)) matching.push(row.id);
  });
  return matching;
}

/**
 * Null if no reading of the window has feedback. The counts are by hour, and leave out readings that no model has scored, so that
 * feedback on those is only seen after `feedbackAgeMs`.
 */
async function findLabelsVersion(
  pool: Pool,
  type: LoadedType,
  { range, nowMs }: { range: Range; nowMs: number },
) {
  const where = toWhere([{ sql: 'type = ?', values: [type.id] }, ...rangeConditions('timestamp', range)]);
  const sql = `SELECT 1 FROM feedback FORCE INDEX (feedback_type_timestamp) ${where.sql} LIMIT 1`;
  const rows = await selectRows(pool, { sql, values: where.values });
  if (rows.length === 0) return null;
  const { confusion } = await findAccuracy(pool, type, toWindow(range));
  return { confusion, age: Math.floor(nowMs / feedbackAgeMs) };
}
