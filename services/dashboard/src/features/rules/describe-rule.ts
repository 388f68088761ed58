import {
  type Condition,
  type Feature,
  type ListedRule,
  type Rule,
  type RuleState,
  toDurationMs,
} from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { isolateName } from '../../ui/isolate-name.ts';
import { findFeature, withUnit } from '../types/format-feature.ts';

/** `Temperature is above 8 °C for 10 min, on cold-store-*` */
export function describeRule(
  rule: Pick<Rule, 'sensors' | 'condition' | 'for' | 'keep_firing_for'>,
  features: readonly Feature[],
): string {
  const parts = [
    describeCondition(rule.condition, features),
    ...(toDurationMs(rule.for) > 0 ? [` for ${formatTime(rule.for)}`] : []),
    ...(toDurationMs(rule.keep_firing_for) > 0
      ? [`, and ${formatTime(rule.keep_firing_for)} more after it has ended`]
      : []),
    ...(rule.sensors === '*' ? [] : [`, on ${isolateName(rule.sensors)}`]),
  ];
  return parts.join('');
}

function describeCondition(condition: Condition, features: readonly Feature[]): string {
  const feature = findFeature(features, 'feature' in condition ? condition.feature : '');
  const withLevel = (level: number) => withUnit(String(level).replace('-', '−'), feature);
  switch (condition.kind) {
    case 'anomaly_share':
      return `${describeShare(condition)} are anomalies`;
    case 'anomalies_in_a_row':
      return condition.count === 1 ? 'One anomaly' : `${formatCount(condition.count)} anomalies in a row`;
    case 'score_above':
      return `The score is above ${condition.above}`;
    case 'feature': {
      const { above, below, outside_limits } = condition;
      const alternatives = [
        ...(above === undefined ? [] : [`above ${withLevel(above)}`]),
        ...(below === undefined ? [] : [`below ${withLevel(below)}`]),
        ...(outside_limits === undefined ? [] : ['outside the limits of the sensor type']),
      ];
      return `${feature.title} is ${alternatives.join(' or ')}`;
    }
    case 'rate_of_change':
      return `${feature.title} changes by more than ${withLevel(condition.above)} in ${formatTime(condition.per)}`;
    case 'stuck':
      return `${feature.title} stays the same for ${formatTime(condition.duration)}`;
    case 'silent':
      return condition.after === undefined
        ? `No reading for ${condition.intervals} times the usual interval`
        : `No reading for ${formatTime(condition.after)}`;
    case 'late':
      return `${describeShare(condition)} are late`;
    case 'rejected':
      return `${describeShare(condition)} are rejected`;
    case 'clock_skew':
      return `The clock is off by more than ${formatTime(condition.above)}`;
  }
}

/** `3 of the newest 10 readings`, `50 % of the readings of 5 min` */
function describeShare({ window, raise }: { window: number | string; raise: number }): string {
  if (typeof window === 'number')
    // Not 4 for 0.3 · 10, which is slightly more than 3.
    return `${formatCount(Math.ceil(window * raise - 1e-9))} of the newest ${formatAmount(window, 'reading')}`;
  return `${Number((raise * 100).toPrecision(3))} % of the readings of ${formatTime(window)}`;
}

function formatTime(duration: string): string {
  const ms = toDurationMs(duration);
  return ms < 1000 ? `${ms} ms` : formatDuration(ms);
}

const stateWords: Readonly<Record<RuleState, string>> = {
  firing: 'firing',
  recovering: 'about to end',
  pending: 'pending',
  error: 'without the measured value',
  no_data: 'without readings',
  normal: 'normal',
};

const stateOrder: readonly RuleState[] = ['firing', 'recovering', 'pending', 'error', 'no_data'];
const mostNamed = 3;

/** `2 firing: attic, hall · 1 pending: roof`; undefined if the rule is normal for all sensors. */
export function describeStates({
  counts,
  states,
}: Pick<ListedRule, 'counts' | 'states'>): string | undefined {
  const parts = stateOrder.flatMap((state) => {
    const count = counts[state] ?? 0;
    if (count === 0) return [];
    const named = states.filter((one) => one.state === state).slice(0, mostNamed);
    const names = named.map(({ sensor_id }) => isolateName(sensor_id)).join(', ');
    const rest = count > named.length ? ` and ${formatCount(count - named.length)} more` : '';
    return [`${formatCount(count)} ${stateWords[state]}: ${names}${rest}`];
  });
  return parts.length === 0 ? undefined : parts.join(' · ');
}
