import { matchesGlob } from '@sensor-sentinel/contracts';
import { fromSqlId, fromSqlTimestamp } from '../../../storage/sql-values.ts';
import { type ArrivedRow, parseValues } from '../../readings/reading-row.ts';
import type { ActiveRule } from '../../rules/active-rules.ts';
import {
  createEvaluator,
  type EvaluatedIncident,
  type Evaluator,
  type RuleReading,
  type SavedState,
  type SensorRuleState,
} from '../../rules/evaluator.ts';
import type { OwnArrival } from '../../stream/own-arrivals.ts';
import type { LoadedType } from '../../types/sensor-type.ts';
import { type CheckpointPart, toCheckpointPart } from './checkpoints.ts';

/** The evaluation of one sensor type. */
interface TypeEvaluation {
  type: LoadedType;
  /** By key. */
  rules: ReadonlyMap<string, ActiveRule>;
  evaluator: Evaluator;
  /** The keys of its sensors. */
  sensors: Set<number>;
}

/** An incident with its rule as it is now. */
export interface FoundIncident {
  type: LoadedType;
  rule: ActiveRule;
  sensorName: string;
  found: EvaluatedIncident;
}

interface EvaluatorsOptions {
  /** The names of sensors by their keys. New ones are added. */
  names: Map<number, string>;
  maxClockSkewMs: number;
}

/** A state other than `normal`; `rule` is the key of the rule. */
export interface NamedState extends SensorRuleState {
  sensor_id: string;
}

export type Evaluators = ReturnType<typeof createEvaluators>;

/** One evaluator per sensor type. */
export function createEvaluators(options: EvaluatorsOptions) {
  const { names } = options;
  const byType = new Map<number, TypeEvaluation>();
  const nameOf = (sensor: number) => names.get(sensor) ?? '';

  return {
    /** Takes the present rules and types, and returns whether states may have changed. Call `takeChanges` before. */
    setRules(types: readonly LoadedType[], rules: readonly ActiveRule[]): boolean {
      const before = new Map(byType);
      byType.clear();
      for (const type of types) {
        const ofType = rules.filter((rule) => rule.type === type.name);
        byType.set(type.id, withRules(before.get(type.id), { ...options, type, rules: ofType }));
      }
      const isSame = ([id, { evaluator }]: [number, TypeEvaluation]) =>
        byType.get(id)?.evaluator === evaluator;
      return byType.size !== before.size || ![...before].every(isSame);
    },
    ruleKeys: () => [...byType.values()].flatMap(({ rules }) => [...rules.keys()]),
    /** Whether this sensor type is known. */
    has: (type: number) => byType.has(type),
    add(row: ArrivedRow | OwnArrival): void {
      const evaluation = byType.get(row.type);
      if (evaluation === undefined) return;
      names.set(row.sensor, row.sensor_id);
      evaluation.sensors.add(row.sensor);
      evaluation.evaluator.add(toRuleReading(evaluation.type, row));
    },
    addRejected({ type, sensor, ...counts }: RejectedReadings): void {
      const evaluation = byType.get(type);
      if (evaluation === undefined || !names.has(sensor)) return;
      evaluation.sensors.add(sensor);
      evaluation.evaluator.addRejected(sensor, counts);
    },
    advance(nowMs: number): void {
      for (const { evaluator } of byType.values()) evaluator.advance(nowMs);
    },
    /** Whether a rule needs the number of rejected readings. */
    countsRejected: () => [...byType.values()].some(hasRejectedRule),
    takeChanges: (): FoundIncident[] =>
      [...byType.values()].flatMap(({ type, rules, evaluator }) =>
        evaluator.takeChanges().flatMap((found) => {
          const rule = rules.get(found.rule);
          return rule ? [{ type, rule, sensorName: nameOf(found.sensor), found }] : [];
        }),
      ),
    states: (nowMs: number): NamedState[] =>
      [...byType.values()].flatMap(({ evaluator }) =>
        evaluator.states(nowMs).map((state) => ({ ...state, sensor_id: nameOf(state.sensor) })),
      ),
    /** Call `takeChanges` before. Nothing may be evaluated until it resolves. */
    async save(): Promise<CheckpointPart[]> {
      const parts: CheckpointPart[] = [];
      for (const evaluation of byType.values()) parts.push(...(await saveParts(evaluation)));
      return parts;
    },
    restore(type: number, state: SavedState): void {
      const evaluation = byType.get(type);
      evaluation?.evaluator.restore(state);
      for (const { sensor } of state.sensors) evaluation?.sensors.add(sensor);
    },
  };
}

interface RejectedReadings {
  /** The key of the type. */
  type: number;
  sensor: number;
  rejected: number;
  stored: number;
  atMs: number;
}

interface RulesOptions extends EvaluatorsOptions {
  type: LoadedType;
  rules: readonly ActiveRule[];
}

/** The evaluation with these rules. Rules of the same key keep their states. */
function withRules(
  before: TypeEvaluation | undefined,
  { type, rules, ...options }: RulesOptions,
): TypeEvaluation {
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  const isSame =
    before?.type === type &&
    before.rules.size === byKey.size &&
    rules.every(({ key }) => before.rules.has(key));
  if (isSame) return { ...before, rules: byKey };
  const { names, maxClockSkewMs } = options;
  const evaluator = createEvaluator({
    features: type.features,
    rules: rules.map(({ rule, key }) => ({ ...rule, name: key })),
    matches: ({ sensors }, sensor) => matchesGlob(sensors, names.get(sensor) ?? ''),
    maxClockSkewMs,
  });
  if (before) evaluator.restore(before.evaluator.save());
  return { type, rules: byKey, evaluator, sensors: before?.sensors ?? new Set() };
}

function hasRejectedRule({ rules }: TypeEvaluation): boolean {
  return [...rules.values()].some(({ rule }) => rule.condition.kind === 'rejected');
}

const sensorsPerPart = 500;

/** In parts, so that other work of the process can go on in between. */
async function saveParts({ type, evaluator, sensors }: TypeEvaluation): Promise<CheckpointPart[]> {
  const parts: CheckpointPart[] = [];
  const keys = [...sensors];
  for (let start = 0; start < keys.length; start += sensorsPerPart) {
    const state = evaluator.save(keys.slice(start, start + sensorsPerPart));
    parts.push(await toCheckpointPart({ type: type.id, part: start / sensorsPerPart }, state));
  }
  return parts;
}

function toRuleReading(type: LoadedType, row: ArrivedRow | OwnArrival): RuleReading {
  if ('scored' in row) return fromOwnArrival(row);
  return {
    seq: row.seq,
    id: fromSqlId(row.id),
    sensor: row.sensor,
    timestampMs: Date.parse(fromSqlTimestamp(row.timestamp)),
    receivedMs: Date.parse(fromSqlTimestamp(row.received_at)),
    values: parseValues(type, row.features),
    prediction: row.prediction,
    score: row.score,
  };
}

function fromOwnArrival({ seq, sensor, scored }: OwnArrival): RuleReading {
  const { id, timestamp, values, prediction, score } = scored.reading;
  const [timestampMs, receivedMs] = [Date.parse(timestamp), Date.parse(scored.receivedAt)];
  return { seq, id, sensor, timestampMs, receivedMs, values, prediction, score };
}
