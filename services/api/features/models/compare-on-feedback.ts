import type { Activation } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { forEachYielding } from '../../http/work-limit.ts';
import { selectRows } from '../../storage/connection.ts';
import { addPrediction, type Confusion, noConfusion, toFigures } from '../feedback/confusion.ts';
import { parseValues } from '../readings/reading-row.ts';
import type { LoadedType, Values } from '../types/sensor-type.ts';
import type { BoundModel } from './served-model.ts';

type Comparison = Activation['feedback'];

export const noFeedback: Comparison = { readings: 0, candidate: toCompared(noConfusion), in_use: null };

/** Both models score all of them, so their number is bounded. */
const maxReadings = 1000;

interface Models {
  candidate: BoundModel;
  inUse: BoundModel | undefined;
}

/**
 * Scores the newest readings with feedback by both models. Readings that one of them cannot score are left out.
 * @throws StorageError
 */
export async function compareOnFeedback(
  pool: Pool,
  type: LoadedType,
  { candidate, inUse }: Models,
): Promise<Comparison> {
  const models = inUse === undefined || inUse.obstacle !== undefined ? [candidate] : [candidate, inUse];
  const acceptsMissing = models.every((model) => model.acceptsMissing);
  const all = await listLabeled(pool, type);
  const readings = all.filter(({ values }) => acceptsMissing || !values.includes(null));
  const confusions = models.map(() => noConfusion);
  await forEachYielding(readings.length, (row) => {
    const reading = readings[row];
    if (reading === undefined) return;
    for (const [place, model] of models.entries()) {
      const { prediction } = model.score(reading.values);
      const before = confusions[place] ?? noConfusion;
      confusions[place] = addPrediction(before, { prediction, label: reading.label });
    }
  });
  const [ofCandidate = noConfusion, ofInUse] = confusions;
  return {
    readings: readings.length,
    candidate: toCompared(ofCandidate),
    in_use: ofInUse === undefined ? null : toCompared(ofInUse),
  };
}

function toCompared(confusion: Confusion): Comparison['candidate'] {
  return { confusion, ...toFigures(confusion) };
}

interface LabeledReading {
  values: Values;
  label: 0 | 1;
}

async function listLabeled(pool: Pool, type: LoadedType): Promise<LabeledReading[]> {
  const sql = `SELECT readings.features, newest.label FROM (
      SELECT id, label FROM feedback FORCE INDEX (feedback_type_timestamp)
      WHERE type = ? ORDER BY timestamp DESC LIMIT ${maxReadings}) AS newest
    JOIN readings ON readings.id = newest.id`;
  const rows = await selectRows<{ features: string; label: 0 | 1 }>(pool, { sql, values: [type.id] });
  return rows.map(({ features, label }) => ({ values: parseValues(type, features), label }));
}
