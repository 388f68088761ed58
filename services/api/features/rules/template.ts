import type { Incident } from '@sensor-sentinel/contracts';
import { suggestName } from './suggest-name.ts';

/** What `{{ field }}` may name, besides `labels.<name>`. */
export const templateFields = [
  'rule',
  'sensor',
  'type',
  'severity',
  'state',
  'started_at',
  'opened_at',
  'last_seen_at',
  'cleared_at',
  'readings',
  'anomalies',
  'peak_score',
] as const;
type TemplateField = (typeof templateFields)[number];

export type TemplateFields = Pick<Incident, Exclude<TemplateField, 'sensor'> | 'labels'> & { sensor: string };

const placeholder = /\{\{([^{}]*)\}\}/g;
const labelPrefix = 'labels.';

/** Replaces each `{{ field }}`. A field that does not exist stays as it is: `findTemplateFaults` names it beforehand. */
export function renderTemplate(text: string, fields: TemplateFields): string {
  return text.replace(placeholder, (match, inner: string) => {
    const name = inner.trim();
    const label = name.slice(labelPrefix.length);
    if (name.startsWith(labelPrefix) && Object.hasOwn(fields.labels, label))
      return fields.labels[label] ?? match;
    const field = templateFields.find((known) => known === name);
    return field === undefined ? match : toText(fields[field]);
  });
}

/** Scores have three decimals at most. */
function toText(value: string | number | null): string {
  if (value === null) return 'none';
  return typeof value === 'number' ? String(Number(value.toFixed(3))) : value;
}

/** Why a template of a rule with these labels cannot be rendered; one text per fault. */
export function findTemplateFaults(text: string, labels: readonly string[]): string[] {
  const known = [...templateFields, ...labels.map((label) => labelPrefix + label)];
  const names = [...text.matchAll(placeholder)].map(([, inner = '']) => inner.trim());
  const unknown = [...new Set(names)].filter((name) => !known.includes(name));
  const faults = unknown.map((name) => {
    return `unknown field ${JSON.stringify(name)}${suggestName(name, known)}; the fields are ${known.join(', ')}`;
  });
  const rest = text.replace(placeholder, '');
  if (rest.includes('{{')) faults.push('expected }} after {{ and the name of a field');
  return faults;
}
