import { z } from 'zod';
import { ruleSchema, ruleStateSchema } from './rules.ts';
import { sensorIdSchema, utcTimestampSchema } from './scalars.ts';
import { typeNameSchema } from './sensor-types.ts';

/** `file`: from RULES_FILE, read-only over HTTP; `person`: made over HTTP; `default`: used for types without any other rule. */
export const ruleOriginSchema = z.enum(['file', 'person', 'default']);
export type RuleOrigin = z.infer<typeof ruleOriginSchema>;

/** Largest number of sensors that are listed per rule. */
export const maxListedStates = 100;

/** A sensor for which a rule is not in the state `normal`. */
export const ruleSensorStateSchema = z.object({
  sensor_id: sensorIdSchema,
  state: ruleStateSchema,
  since: utcTimestampSchema,
});
export type RuleSensorState = z.infer<typeof ruleSensorStateSchema>;

export const listedRuleSchema = z.object({
  ...ruleSchema.shape,
  type: typeNameSchema,
  origin: ruleOriginSchema,
  /** Null for rules that no person made over HTTP. */
  changed_at: utcTimestampSchema.nullable(),
  /** The number of sensors per state other than `normal`. */
  counts: z.partialRecord(ruleStateSchema, z.int().nonnegative()),
  /** The first sensors that are not in the state `normal`, with firing ones first. */
  states: z.array(ruleSensorStateSchema),
});
export type ListedRule = z.infer<typeof listedRuleSchema>;

/** A mistake in the file of rules, with its place from 1 on. */
export const ruleFaultSchema = z.object({
  line: z.int(),
  column: z.int(),
  path: z.string(),
  message: z.string(),
});
export type RuleFault = z.infer<typeof ruleFaultSchema>;

/** The response of `GET /rules`. */
export const rulesAnswerSchema = z.object({
  rules: z.array(listedRuleSchema),
  /** While the file has faults, the rules of its last valid version are used. */
  faults: z.array(ruleFaultSchema),
});
export type RulesAnswer = z.infer<typeof rulesAnswerSchema>;
