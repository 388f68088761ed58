import type { Explanation, IncidentPeak } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { ApiError } from '../../http/errors.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { logFailures } from '../../log-failures.ts';
import { change, selectRows } from '../../storage/connection.ts';
import { fromSqlId, toSqlId, toSqlTime } from '../../storage/sql-values.ts';
import { requireScorer } from '../models/compute-extras.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { findReadingsByIds } from '../readings/find-readings.ts';
import { type Reading, toStoredReading } from '../readings/reading-row.ts';
import type { TypeRegistry } from '../types/type-registry.ts';

/** The pause between two runs. */
export const peaksIntervalMs = 2000;
const peaksPerRun = 5;
/** The peak of an incident that has just begun often changes. */
const minFiringMs = 10_000;

interface ExplainPeaksOptions {
  /** For changes. */
  pool: Pool;
  following: Pool;
  types: TypeRegistry;
  registry: ModelRegistry;
  explaining: WorkLimit;
  /** Whether this process evaluates the rules. No other one explains peaks. */
  isEvaluating: () => boolean;
  log: Logger;
  now: () => Date;
}

/**
 * Makes a function that explains the peak readings of a few incidents. What it stores outlives the readings. Each peak is
 * explained once, even if it has no explanation. The function never rejects.
 */
export function createExplainPeaks(options: ExplainPeaksOptions): () => Promise<void> {
  const { pool, following, types, registry, isEvaluating, log, now } = options;
  async function explainSome(): Promise<void> {
    const peaks = isEvaluating() ? await listUnexplained(following, now()) : [];
    if (peaks.length === 0) return;
    await registry.scan(); // a process that has just started has not loaded all models
    const ids = peaks.map(({ readingId }) => readingId);
    const readings = await findReadingsByIds(following, types, ids);
    for (const peak of peaks) {
      const reading = readings.find(({ id }) => id === peak.readingId);
      await storePeak(pool, peak, reading ? await toPeak(reading, options) : null);
    }
  }
  return logFailures(explainSome, log, 'cannot explain the peaks of incidents');
}

/** Null until the peak is explained, and if its reading was removed before. @throws StorageError */
export async function findPeak(pool: Pool, id: string): Promise<IncidentPeak | null> {
  const sql = 'SELECT peak_explanation AS peak FROM incidents WHERE id = ? AND peak_pending = 0';
  const [row] = await selectRows<{ peak: string | null }>(pool, { sql, values: [toSqlId(id)] });
  return JSON.parse(row?.peak ?? 'null') as IncidentPeak | null; // only `storePeak` writes it
}

interface UnexplainedPeak {
  incident: Buffer;
  readingId: string;
}

async function listUnexplained(pool: Pool, now: Date): Promise<UnexplainedPeak[]> {
  const sql = `SELECT id, peak_reading FROM incidents
    WHERE peak_pending = 1 AND (firing = 0 OR opened_at <= ?) ORDER BY opened_at LIMIT ?`;
  const values = [toSqlTime(now.getTime() - minFiringMs), peaksPerRun];
  const rows = await selectRows<{ id: Buffer; peak_reading: Buffer }>(pool, { sql, values });
  return rows.map(({ id, peak_reading }) => ({ incident: id, readingId: fromSqlId(peak_reading) }));
}

/** Does nothing if the incident has another peak by now. */
async function storePeak(pool: Pool, peak: UnexplainedPeak, found: IncidentPeak | null): Promise<void> {
  const sql = `UPDATE incidents SET peak_explanation = ?, peak_explained = peak_reading
    WHERE id = ? AND peak_reading = ?`;
  const json = found === null ? null : JSON.stringify(found);
  await change(pool, { sql, values: [json, peak.incident, toSqlId(peak.readingId)] });
}

type Explainers = Pick<ExplainPeaksOptions, 'registry' | 'explaining'>;

async function toPeak(reading: Reading, explainers: Explainers): Promise<IncidentPeak> {
  return { reading: toStoredReading(reading), explanation: await explain(reading, explainers) };
}

/** Null if the model that scored the reading is not loaded, or cannot explain it. @throws ApiError `overloaded` */
async function explain(
  { type, model, values }: Reading,
  { registry, explaining }: Explainers,
): Promise<Explanation | null> {
  try {
    const scorer = requireScorer(registry, type, model);
    return await explaining(() => scorer.explain(values));
  } catch (error) {
    if (error instanceof ApiError && error.code === 'overloaded') throw error;
    return null;
  }
}
