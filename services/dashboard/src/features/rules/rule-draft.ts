import {
  type Condition,
  type ConditionKind,
  type Feature,
  type ListedRule,
  type Rule,
  ruleSchema,
  type Severity,
  toRuleSeverity,
} from '@sensor-sentinel/contracts';
import {
  type ConditionTexts,
  conditionForms,
  toConditionInput,
  toConditionTexts,
} from './condition-fields.ts';

/** A rule as a person types it. */
export interface RuleDraft {
  name: string;
  sensors: string;
  kind: ConditionKind;
  condition: ConditionTexts;
  for: string;
  keep_firing_for: string;
  severity: Severity;
  /** One per line: `team: cooling` */
  labels: string;
  summary: string;
  description: string;
}

/** The first message for each field, by name: `name`, `condition.raise` … */
export type DraftFaults = Readonly<Partial<Record<string, string>>>;

export function toDraft({ condition, labels, annotations, ...rule }: Omit<Rule, 'type'>): RuleDraft {
  const { severity: _, ...others } = labels;
  return {
    name: rule.name,
    sensors: rule.sensors,
    kind: condition.kind,
    condition: toConditionTexts(condition),
    for: rule.for,
    keep_firing_for: rule.keep_firing_for,
    severity: toRuleSeverity({ labels }),
    labels: Object.entries(others)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    summary: annotations.summary ?? '',
    description: annotations.description ?? '',
  };
}

/**
 * The draft of a rule in use. The texts of the default rule name its numbers, and would be wrong as soon as one of them is
 * changed.
 */
export function toDraftOf({ origin, annotations, ...rule }: ListedRule): RuleDraft {
  return toDraft({ ...rule, annotations: origin === 'default' ? {} : annotations });
}

export function createDraft(): RuleDraft {
  const condition: Condition = { kind: 'anomaly_share', window: 10, raise: 0.3, clear: 0.1 };
  return { ...toDraft(ruleSchema.parse({ name: 'New', condition })), name: '' };
}

/** Another kind of condition, with its usual values; the feature is kept. `level`: a first level for the feature. */
export function withKind(
  draft: RuleDraft,
  kind: ConditionKind,
  { features, toLevel }: { features: readonly Feature[]; toLevel: (feature: string) => number | undefined },
): RuleDraft {
  const feature = draft.condition.feature ?? features[0]?.name ?? '';
  const level = kind === 'feature' ? toLevel(feature) : undefined;
  return {
    ...draft,
    kind,
    condition: {
      ...conditionForms[kind].initial,
      feature,
      ...(level !== undefined && { above: String(level), outside_limits: '' }),
    },
  };
}

interface CheckedDraft {
  /** Undefined if there are faults. */
  rule: Rule | undefined;
  faults: DraftFaults;
}

/** Reads a draft by the schema of rules. */
export function checkDraft(draft: RuleDraft, type: string): CheckedDraft {
  const parsed = ruleSchema.safeParse(toInput(draft, type));
  if (parsed.success) return { rule: parsed.data, faults: {} };
  const faults: Record<string, string> = {};
  for (const { path, message, code } of parsed.error.issues) {
    const field = path[0] === 'labels' ? 'labels' : path.join('.');
    const plain =
      code === 'custom' ? plainFaults[`${draft.kind}.${field}`] : findPercentFault(draft.kind, field, code);
    faults[field] ??= plain ?? `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
  return { rule: undefined, faults };
}

/** For the messages of the schema that name fields as in the file. */
const plainFaults: Readonly<Partial<Record<string, string>>> = {
  'anomaly_share.condition.clear': 'Must be below the share at which it begins.',
  'late.condition.clear': 'Must be below the share at which it begins.',
  'rejected.condition.clear': 'Must be below the share at which it begins.',
  'score_above.condition.clear': 'Must not be above the score at which it begins.',
  'feature.condition.above': 'Enter a level, or choose the limits of the sensor type.',
  'feature.condition.below': 'Must be less than the level above.',
  'silent.condition.after': 'Enter either a time or a number of usual intervals.',
};

/** The schema has shares, where the form has percentages. */
function findPercentFault(kind: ConditionKind, path: string, code: string): string | undefined {
  const field = conditionForms[kind].fields.find(({ name }) => path === `condition.${name}`);
  const isLimit = code === 'too_big' || code === 'too_small';
  return field?.input === 'percent' && isLimit ? 'Must be more than 0, and at most 100 %.' : undefined;
}

function toInput(draft: RuleDraft, type: string) {
  const { name, sensors, severity, summary, description } = draft;
  return {
    name: name.trim(),
    type,
    sensors,
    condition: toConditionInput(draft.kind, draft.condition),
    for: draft.for.trim() || '0s',
    keep_firing_for: draft.keep_firing_for.trim() || '0s',
    labels: { ...(severity !== 'warning' && { severity }), ...parseLabels(draft.labels) },
    annotations: { ...(summary !== '' && { summary }), ...(description !== '' && { description }) },
  };
}

function parseLabels(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.join(':').trim()];
    }),
  );
}

/** What decides when a rule fires. Rules that are equal in this have the same preview. */
export type PreviewedRule = Omit<Rule, 'labels' | 'annotations'>;

export function pickPreviewed({ type, sensors, condition, ...rule }: Rule): PreviewedRule {
  return { name: 'Preview', type, sensors, condition, for: rule.for, keep_firing_for: rule.keep_firing_for };
}

/** The draft for a preview, whatever its name and texts are; undefined if its other fields have faults. */
export function toPreviewed(draft: RuleDraft, type: string): PreviewedRule | undefined {
  const texts = { name: 'Preview', severity: 'warning', labels: '', summary: '', description: '' } as const;
  const { rule } = checkDraft({ ...draft, ...texts }, type);
  return rule && pickPreviewed(rule);
}
