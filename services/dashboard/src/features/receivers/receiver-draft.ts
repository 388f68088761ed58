import {
  type ChannelKind,
  deliveryShape,
  type ListedReceiver,
  type QuietHours,
  receiverSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { capitalize } from './describe-receiver.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const fieldSchema = z.string().trim().default('');
/** The fields of all kinds of receivers. */
const channelDraftSchema = z.object({
  url: fieldSchema,
  secret: fieldSchema,
  to: fieldSchema,
  from: fieldSchema,
  topic: fieldSchema,
  token: fieldSchema,
});
type ChannelDraft = z.infer<typeof channelDraftSchema>;
export type ChannelField = keyof ChannelDraft;
export const emptyChannel = channelDraftSchema.parse({});

/** Ignores all other fields. */
const settingsSchema = z.object(deliveryShape);
type Settings = z.infer<typeof settingsSchema>;

export interface QuietHoursDraft extends Omit<QuietHours, 'days'> {
  /** Stays the same while the hours before it are removed. */
  id: number;
  days: readonly string[];
}

/** A receiver as the form has it. Fields of text may hold anything. */
export interface ReceiverDraft extends Omit<Settings, 'quiet_hours' | 'severities'> {
  kind: ChannelKind;
  /** null: a known receiver keeps its address and its secrets, which the API tells nobody. */
  channel: Readonly<ChannelDraft> | null;
  severities: readonly string[];
  quiet_hours: readonly QuietHoursDraft[];
}

/** The form for a receiver that is listed, or for a new one. */
export function toDraft(receiver?: ListedReceiver): ReceiverDraft {
  if (receiver === undefined) {
    const settings = settingsSchema.omit({ name: true }).parse({});
    return { ...settings, name: '', kind: 'ntfy', channel: emptyChannel, quiet_hours: [] };
  }
  const { kind, quiet_hours } = receiver;
  return {
    ...settingsSchema.parse(receiver),
    kind,
    channel: null,
    quiet_hours: quiet_hours.map((hours, id) => ({ ...hours, id, days: hours.days ?? weekdays })),
  };
}

/** New quiet hours: every night. */
export function addQuietHours(hours: readonly QuietHoursDraft[], timezone: string): QuietHoursDraft[] {
  const id = 1 + Math.max(-1, ...hours.map((one) => one.id));
  return [...hours, { id, from: '22:00', to: '06:00', timezone, days: weekdays, critical_anyway: true }];
}

interface ReceiverRequest {
  name: string;
  [field: string]: unknown;
}

/** By the field: `name`, `ntfy.topic`, `quiet_hours.0.from`. */
export type Faults = Readonly<Record<string, string>>;

/** The body of the request that stores the draft; null if it has faults. A new receiver has none of the known names. */
export function toRequest(
  draft: ReceiverDraft,
  known: readonly string[],
): { request: ReceiverRequest | null; faults: Faults } {
  const { kind, channel, quiet_hours, ...others } = draft;
  const settings = {
    ...others,
    name: draft.name.trim(),
    quiet_hours: quiet_hours.map(({ id: _, days, ...hours }) =>
      days.length === weekdays.length ? hours : { ...hours, days },
    ),
  };
  const parsed =
    channel === null
      ? settingsSchema.safeParse(settings)
      : receiverSchema.safeParse({ ...settings, [kind]: toChannel(kind, channel) });
  // Of several faults of a field, the first one counts.
  const faults = Object.fromEntries(parsed.error?.issues.map(toFault).reverse() ?? []);
  if (known.includes(settings.name)) faults.name = 'Another receiver has this name.';
  const isValid = parsed.success && Object.keys(faults).length === 0;
  return { request: isValid ? parsed.data : null, faults };
}

/** An optional field that is empty has its default. */
function toChannel(kind: ChannelKind, fields: ChannelDraft) {
  const { url, secret, to, from, topic, token } = channelDraftSchema.parse(fields);
  switch (kind) {
    case 'ntfy':
      return { url: url || undefined, topic, token: token || undefined };
    case 'email':
      return { to: to.split(/[\s,;]+/), from: from || undefined };
    case 'webhook':
      return { url, secret };
    default:
      return { url };
  }
}

/** The field and what is wrong with it, as a sentence. */
function toFault(issue: z.core.$ZodIssue): [name: string, fault: string] {
  const { path, message } = issue;
  // The field of a list of addresses is the list.
  const name = path.slice(0, path[0] === 'quiet_hours' ? 3 : 2).join('.');
  const isEmptyList = issue.code === 'too_small' && issue.origin === 'array';
  return [name, isEmptyList ? 'Choose at least one.' : `${capitalize(message)}.`];
}

/** A topic that nobody can guess. */
export function suggestTopic(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'; // 32, without those that look alike
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `sensors-${[...random].map((byte) => letters[byte % letters.length]).join('')}`;
}

/** A key of Standard Webhooks. */
export function generateSecret(): string {
  const random = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...random))}`;
}
