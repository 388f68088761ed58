import { type Activation, type ActivationQuery, sensorTypeInputSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { createWorkLimit, forEachYielding } from '../../http/work-limit.ts';
import { selectRows } from '../../storage/connection.ts';
import { parseValues } from '../readings/reading-row.ts';
import { insertType } from '../types/change-types.ts';
import type { LoadedType, Values } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import type { ActivationFollower } from './activation-follower.ts';
import { insertActivation } from './activations.ts';
import { compareOnFeedback, noFeedback } from './compare-on-feedback.ts';
import { type ModelRegistry, toTypeOf } from './model-registry.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { BoundModel, ServedModel } from './served-model.ts';

export type ActivateModel = (name: string, query: ActivationQuery) => Promise<Activation>;

const maxWaiting = 15;

interface ActivateOptions {
  registry: ModelRegistry;
  follower: ActivationFollower;
  inUse: ModelsInUse;
  types: TypeRegistry;
  modelName: string;
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  maxTypes: number;
  now: () => Date;
}

/**
 * Activates models on every replica, one activation at a time. A model that would change too many predictions of stored
 * readings is rejected.
 */
export function createActivateModel(options: ActivateOptions): ActivateModel {
  const activating = createWorkLimit({ what: 'activations', concurrency: 1, maxWaiting });
  return (name, query) => activating(() => activate(name, query, options));
}

async function activate(
  name: string,
  { dry_run, last, max_changed }: ActivationQuery,
  options: ActivateOptions,
): Promise<Activation> {
  const { registry, follower, inUse, types, modelName, pool, now } = options;
  await follower.follow();
  const model = await registry.choose(name);
  const type = types.find(model.typeName) ?? (dry_run ? undefined : await makeType(model, options));
  if (type === undefined) return toReportWithoutType(model, max_changed);
  const candidate = model.bind(type);
  const gate = await evaluateGate(candidate, await listLastReadings(pool, type, last), max_changed);
  const feedback = await compareOnFeedback(pool, type, {
    candidate,
    inUse: inUse.active(type.name)?.bind(type),
  });
  const active = inUse.active(type.name)?.name ?? null;
  const previous = active === model.name ? inUse.previous(type.name) : active;
  const report = { type: type.name, model: model.name, previous, gate, feedback };
  if (dry_run) return { ...report, activated: false };
  if (!gate.passed) throw new ApiError('activation_refused', { detail: describeRefusal(model.name, gate) });
  const activation = await insertActivation(pool, {
    type: type.id,
    model: model.name,
    previous,
    configured: type.name === types.defaultName ? modelName : '',
    activated_at: now().toISOString(),
    readings: gate.readings,
    changed: gate.changed,
    max_changed,
  });
  follower.adopt(activation, model);
  return { ...report, activated: true };
}

/** The first model of a type may come before its readings. @throws ApiError `limit_reached`; StorageError */
async function makeType(
  model: ServedModel,
  { types, changing, maxTypes }: ActivateOptions,
): Promise<LoadedType> {
  await insertType(changing, sensorTypeInputSchema.parse(toTypeOf(model)), maxTypes);
  return types.require(model.typeName);
}

function toReportWithoutType({ name, typeName }: ServedModel, maxChanged: number): Activation {
  const gate = toGate([], maxChanged);
  return { type: typeName, model: name, previous: null, activated: false, gate, feedback: noFeedback };
}

type Gate = Activation['gate'];

/** The values of a stored reading and its stored prediction. */
interface PredictedReading {
  values: Values;
  prediction: 0 | 1;
}

/** Scores stored readings with the model and counts changed predictions. Passes if their share is at most `maxChanged`. */
async function evaluateGate(
  { score, acceptsMissing }: BoundModel,
  readings: readonly PredictedReading[],
  maxChanged: number,
): Promise<Gate> {
  const pairs: PredictionPair[] = [];
  await forEachYielding(readings.length, (row) => {
    const reading = readings[row];
    if (reading === undefined || (!acceptsMissing && reading.values.includes(null))) return;
    pairs.push({ before: reading.prediction, after: score(reading.values).prediction });
  });
  return toGate(pairs, maxChanged);
}

interface PredictionPair {
  before: 0 | 1;
  after: 0 | 1;
}

function toGate(pairs: readonly PredictionPair[], maxChanged: number): Gate {
  const toAnomaly = pairs.filter(({ before, after }) => after > before).length;
  const toNormal = pairs.filter(({ before, after }) => after < before).length;
  const changed = toAnomaly + toNormal;
  const changedShare = pairs.length === 0 ? 0 : changed / pairs.length;
  return {
    readings: pairs.length,
    changed,
    to_anomaly: toAnomaly,
    to_normal: toNormal,
    changed_share: changedShare,
    max_changed: maxChanged,
    checked: pairs.length > 0,
    passed: changedShare <= maxChanged,
  };
}

/** The last `count` scored readings of a type, newest first. @throws StorageError */
async function listLastReadings(pool: Pool, type: LoadedType, count: number): Promise<PredictedReading[]> {
  if (count === 0) return [];
  const sql = `SELECT features, prediction FROM readings FORCE INDEX (readings_type_timestamp)
    WHERE type = ? AND prediction IS NOT NULL ORDER BY timestamp DESC LIMIT ?`;
  const values = [type.id, count];
  const rows = await selectRows<{ features: string; prediction: 0 | 1 }>(pool, { sql, values });
  return rows.map(({ features, prediction }) => ({ values: parseValues(type, features), prediction }));
}

function describeRefusal(name: string, { readings, changed, changed_share, ...gate }: Gate): string {
  return [
    `${name} would change ${changed} of the predictions of the last ${readings} readings,`,
    `${gate.to_anomaly} to anomaly and ${gate.to_normal} to normal: a share of ${changed_share},`,
    `more than max_changed=${gate.max_changed}. It was not activated.`,
    'To activate it anyway, add max_changed=1.',
  ].join(' ');
}
