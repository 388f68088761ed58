import { createHash } from 'node:crypto';
import {
  defaultRule,
  type Rule,
  type RuleFault,
  type RuleOrigin,
  ruleSchema,
} from '@sensor-sentinel/contracts';

/** The rules of RULES_FILE. */
export interface RulesOfFile {
  rules: readonly Rule[];
  faults: readonly RuleFault[];
}

/** A rule that a person made over HTTP. */
export interface PersonRule {
  rule: Rule;
  changed_at: string;
}

/** A rule that is in use. */
export interface ActiveRule {
  rule: Rule;
  /** The name of its sensor type. */
  type: string;
  origin: RuleOrigin;
  version: string;
  /** Name and version: a rule that has changed is another one to the evaluator. */
  key: string;
  changed_at: string | null;
}

interface RuleSources {
  file: readonly Rule[];
  people: readonly PersonRule[];
  /** The names of all sensor types. */
  types: readonly string[];
  defaultType: string;
}

/** The rules in use, in the order of the file, then by name. A rule of the file replaces that of a person of the same name. */
export function toActiveRules({ file, people, types, defaultType }: RuleSources): ActiveRule[] {
  const inFile = new Set(file.map(({ name }) => name));
  const given = [
    ...file.map((rule) => toActiveRule(rule, { type: rule.type ?? defaultType, origin: 'file' })),
    ...people
      .filter(({ rule }) => !inFile.has(rule.name))
      .map(({ rule, changed_at }) =>
        toActiveRule(rule, { type: rule.type ?? defaultType, origin: 'person', changed_at }),
      ),
  ];
  const covered = new Set(given.map(({ type }) => type));
  const rest = types.filter((type) => !covered.has(type));
  const standard = ruleSchema.parse(defaultRule);
  return [...given, ...rest.map((type) => toActiveRule(standard, { type, origin: 'default' }))];
}

interface RuleSource {
  type: string;
  origin: RuleOrigin;
  changed_at?: string;
}

function toActiveRule(rule: Rule, { type, origin, changed_at }: RuleSource): ActiveRule {
  const version = toRuleVersion(rule, type);
  const key = `${rule.name}@${version}`;
  return { rule, type, origin, version, key, changed_at: changed_at ?? null };
}

/**
 * A hash of everything that decides when the rule fires. Other labels or annotations are the same version, so that a better
 * text does not end an incident. The order of the fields is that of their schema.
 */
export function toRuleVersion(rule: Rule, type: string): string {
  const { sensors, condition, for: delay, keep_firing_for } = rule;
  const decisive = JSON.stringify([type, sensors, condition, delay, keep_firing_for]);
  return createHash('sha256').update(decisive).digest('hex').slice(0, 16);
}
