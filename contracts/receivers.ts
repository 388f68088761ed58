import { z } from 'zod';
import { durationSchema, positiveDurationSchema } from './durations.ts';
import { nameSchema } from './names.ts';
import { globSchema, severitySchema } from './rules.ts';
import { expected } from './scalars.ts';

export const maxReceivers = 50;

export const receiverUrlSchema = z.url({
  protocol: /^https?$/,
  error: expected('a URL that begins with http:// or https://'),
});

/** The key of Standard Webhooks: base64 of 24 to 64 bytes. */
const webhookSecretSchema = z
  .string()
  .regex(
    /^(whsec_)?(?=.{32,88}$)([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'expected a secret such as the output of `echo whsec_$(openssl rand -base64 32)`',
  );

const emailSchema = z.email({ error: expected('an e-mail address') });

/** E-mail is sent through SMTP_URL. */
export const emailChannelSchema = z.strictObject({
  to: z.array(emailSchema).min(1).max(50),
  from: emailSchema.optional().describe('The sender. Default: the user of SMTP_URL.'),
});

export const ntfyTopicSchema = z
  .string()
  .regex(/^[-_A-Za-z0-9]{1,64}$/, 'expected 1 to 64 letters, digits, - and _');

export const ntfyUrl = 'https://ntfy.sh';

const urlChannelSchema = z.strictObject({ url: receiverUrlSchema });

const channels = {
  alertmanager: urlChannelSchema.optional(),
  webhook: z.strictObject({ url: receiverUrlSchema, secret: webhookSecretSchema }).optional(),
  email: emailChannelSchema.optional(),
  slack: urlChannelSchema.optional(),
  discord: urlChannelSchema.optional(),
  teams: urlChannelSchema.optional(),
  ntfy: z
    .strictObject({
      url: receiverUrlSchema.default(ntfyUrl),
      topic: ntfyTopicSchema,
      token: z.string().min(1).optional(),
    })
    .optional(),
};
export type ChannelKind = keyof typeof channels;
export const channelKinds = Object.keys(channels) as ChannelKind[]; // the keys of a literal

const timeOfDaySchema = z
  .string({ error: expected('a time such as "22:00", in quotes') })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "22:00"');

const quietHoursSchema = z
  .strictObject({
    from: timeOfDaySchema,
    to: timeOfDaySchema.describe('Before `from`: on the next day.'),
    timezone: z
      .string()
      .refine(isTimezone, 'expected a time zone such as "Europe/Berlin"')
      .default('UTC')
      .describe('An IANA time zone, such as Europe/Berlin. Default: UTC.'),
    days: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
      .min(1)
      .optional()
      .describe('The days on which they begin. Default: every day.'),
    critical_anyway: z.boolean().default(false).describe('Whether critical alerts are sent all the same.'),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'expected an end other than the start' });
export type QuietHours = z.infer<typeof quietHoursSchema>;

function isTimezone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What all receivers have, whatever their channel. */
export const deliveryShape = {
  name: nameSchema,
  severities: z
    .array(severitySchema)
    .min(1)
    .default(severitySchema.options)
    .describe('The severities that it receives. Default: all.'),
  rules: globSchema.default('*').describe('The names of the rules that it receives, as a glob.'),
  repeat_interval: positiveDurationSchema
    .default('4h')
    .describe('How long after a message it is repeated while the alert fires.'),
  send_resolved: z.boolean().default(true).describe('Whether a message says that an alert has ended.'),
  group_wait: durationSchema
    .default('0s')
    .describe('How long the first message of a rule waits for further sensors.'),
  quiet_hours: z
    .array(quietHoursSchema)
    .max(20)
    .default([])
    .describe(
      'Hours in which messages wait until the end of these hours. An Alertmanager gets all messages at once: it has mute timings of its own.',
    ),
};

export function hasOneChannel(receiver: Readonly<Partial<Record<ChannelKind, unknown>>>): boolean {
  return channelKinds.filter((kind) => receiver[kind] !== undefined).length === 1;
}

export const mustHaveOneChannel = `expected exactly one of ${channelKinds.join(', ')}`;

/** Where notifications are sent. It has secrets: never put it into an answer or a log. */
export const receiverSchema = z
  .strictObject({ ...deliveryShape, ...channels })
  .refine(hasOneChannel, mustHaveOneChannel);
export type Receiver = z.infer<typeof receiverSchema>;
