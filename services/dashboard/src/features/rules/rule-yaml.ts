import type { Rule } from '@sensor-sentinel/contracts';
import { stringify } from 'yaml';

/** A rule as it stands in the rules file, without fields that have their default. */
export function toRuleYaml({ name, type, sensors, condition, labels, annotations, ...rule }: Rule): string {
  const { hysteresis, ...rest } = { hysteresis: 0, ...condition };
  const written = {
    name,
    ...(type !== undefined && { type }),
    ...(sensors !== '*' && { sensors }),
    condition: { ...rest, ...(hysteresis !== 0 && { hysteresis }) },
    ...(rule.for !== '0s' && { for: rule.for }),
    ...(rule.keep_firing_for !== '0s' && { keep_firing_for: rule.keep_firing_for }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
  return stringify({ rules: [written] }, { lineWidth: 100 });
}
