import {
  type ChannelKind,
  type Delivery,
  type ListedReceiver,
  type QuietHours,
  severitySchema,
  toDurationMs,
} from '@sensor-sentinel/contracts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatAmount } from '../../ui/format-number.ts';

/** In the order of the form: what most people use comes first. */
export const kindTitles: Readonly<Record<ChannelKind, string>> = {
  ntfy: 'ntfy (push messages on a phone)',
  email: 'E-mail',
  slack: 'Slack',
  discord: 'Discord',
  teams: 'Microsoft Teams',
  webhook: 'Webhook (your own program)',
  alertmanager: 'Alertmanager (of Prometheus)',
};

/** What a receiver gets and when: `Critical incidents of rules cold-*, repeated every 4 h. Quiet 22:00–06:00 (UTC).` */
export function describeReceiver(receiver: Omit<ListedReceiver, 'name' | 'target' | 'origin'>): string {
  const { kind, severities, rules, repeat_interval, send_resolved, group_wait, quiet_hours } = receiver;
  const which = severities.length === severitySchema.options.length ? 'all' : joinWords(severities);
  const ofRules = rules === '*' ? '' : ` of rules ${rules}`;
  // An Alertmanager gets what fires each minute, and has mute timings of its own.
  const isAlertmanager = kind === 'alertmanager';
  const interval = isAlertmanager ? 'minute' : formatDuration(toDurationMs(repeat_interval));
  const waitMs = toDurationMs(group_wait);
  const sentences = [
    `${which} incidents${ofRules}, repeated every ${interval}`,
    ...(waitMs > 0 ? [`Collected for ${formatDuration(waitMs)} before the first message`] : []),
    ...(send_resolved ? [] : ['No message when they end']),
    ...(isAlertmanager ? [] : quiet_hours.map(describeQuietHours)),
  ];
  return sentences.map((sentence) => `${capitalize(sentence)}.`).join(' ');
}

function describeQuietHours({ from, to, timezone, days, critical_anyway }: QuietHours): string {
  const onDays = days === undefined ? '' : ` on ${joinWords(days.map(capitalize))}`;
  const except = critical_anyway ? ', except critical ones' : '';
  return `quiet ${from}–${to}${onDays} (${timezone})${except}`;
}

/** `a`, `a and b`, `a, b and c` */
function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const deliveryIcons = { waiting: 'waiting', delivered: 'check', failed: 'cross' } as const;

/** What became of a message: `delivered 3 min ago`, `failed 5 min ago: answered 404`, `waiting after 2 attempts: …` */
export function describeDelivery(delivery: Delivery, nowMs: number): string {
  const { state, attempts, ended_at, created_at, last_error } = delivery;
  const why = last_error === null ? '' : `: ${last_error}`;
  if (state === 'waiting')
    return attempts === 0 ? 'waiting to be sent' : `waiting after ${formatAmount(attempts, 'attempt')}${why}`;
  const ago = `${formatDuration(nowMs - Date.parse(ended_at ?? created_at))} ago`;
  return state === 'delivered' ? `delivered ${ago}` : `failed ${ago}${why}`;
}

/** What a message says: `3 firing`, `1 resolved`, `2 firing (repeat)`. Nothing is known before the first attempt. */
export function describeMessage({ status, incidents, kind }: Delivery): string {
  if (status === null) return '–';
  return `${incidents} ${status}${kind === 'repeat' ? ' (repeat)' : ''}`;
}
