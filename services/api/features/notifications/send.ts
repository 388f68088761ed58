import { createTransport, type SendMailOptions } from 'nodemailer';
import { Webhook } from 'standardwebhooks';
import { toAlertmanagerBody, toWebhookBody } from './messages/alerts.ts';
import { toDiscordBody, toNtfyBody, toSlackBody, toTeamsBody } from './messages/chats.ts';
import { toEmailMessage } from './messages/email.ts';
import type { Notification } from './notification.ts';
import { attemptMs, type Outcome, postJson } from './post-json.ts';
import type { Receiver } from './receivers.ts';

export type Send = (receiver: Receiver, notification: Notification) => Promise<Outcome>;

interface SendOptions {
  /** The mail server; undefined: e-mail cannot be sent. */
  smtpUrl: string | undefined;
  /** Whether receivers that are not trusted may have private addresses. */
  allowPrivateReceivers: boolean;
  /** The longest time of one attempt. */
  timeoutMs?: number;
}

/** Makes one attempt to deliver a notification. Never rejects. */
export function createSend({ smtpUrl, allowPrivateReceivers, timeoutMs = attemptMs }: SendOptions): Send {
  const sendEmail = smtpUrl === undefined ? undefined : createSendEmail(smtpUrl, timeoutMs);

  return async (receiver, notification) => {
    if (receiver.email !== undefined) {
      if (sendEmail === undefined) return toFailure('e-mail needs the setting SMTP_URL');
      return sendEmail(receiver.email, notification);
    }
    try {
      const { secrets, ...request } = toRequest(receiver, notification);
      const isPublicOnly = !receiver.isTrusted && !allowPrivateReceivers;
      const outcome = await postJson(request, { isPublicOnly, timeoutMs });
      return outcome.kind === 'delivered' ? outcome : { ...outcome, error: redact(outcome.error, secrets) };
    } catch {
      // The message of the error could contain a secret.
      return toFailure('the URL, the topic or the secret of the receiver is invalid');
    }
  };
}

function toFailure(error: string): Outcome {
  return { kind: 'failed', error };
}

interface Request {
  url: string;
  body: string;
  headers: Record<string, string>;
  /** Texts that no error may show. */
  secrets: readonly string[];
}

function toRequest(receiver: Receiver, notification: Notification): Request {
  const { alertmanager, webhook, slack, discord, teams, ntfy } = receiver;
  const headers = { 'idempotency-key': notification.id };
  const post = (url: string, body: object) => toPost(url, JSON.stringify(body), headers);
  if (alertmanager !== undefined) {
    const base = alertmanager.url.replace(/\/+$/, '');
    return post(`${base}/api/v2/alerts`, toAlertmanagerBody(notification));
  }
  if (webhook !== undefined) {
    const request = post(webhook.url, toWebhookBody(notification));
    const signature = sign(webhook.secret, notification, request.body);
    return {
      ...request,
      headers: { ...headers, ...signature },
      secrets: [...request.secrets, webhook.secret],
    };
  }
  if (slack !== undefined) return post(slack.url, toSlackBody(notification));
  if (discord !== undefined) return post(discord.url, toDiscordBody(notification));
  if (teams !== undefined) return post(teams.url, toTeamsBody(notification));
  if (ntfy === undefined) throw new Error('a receiver without a channel');
  const { url, topic, token } = ntfy;
  const request = post(`${url.replace(/\/+$/, '')}/`, toNtfyBody(notification, topic));
  if (token === undefined) return request;
  return {
    ...request,
    headers: { ...headers, authorization: `Bearer ${token}` },
    secrets: [...request.secrets, token],
  };
}

/** A URL contains secrets: the path of a chat's webhook is its password. */
function toPost(url: string, body: string, headers: Record<string, string>): Request {
  const { pathname, search, username, password } = new URL(url);
  return { url, body, headers, secrets: [pathname + search, pathname, username, password] };
}

/** The headers of Standard Webhooks. */
function sign(secret: string, { id, nowMs }: Notification, body: string): Record<string, string> {
  const at = new Date(nowMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length > 1)
    .reduce((rest, one) => rest.replaceAll(one, '***'), text);
}

/** Permanent errors of SMTP have codes from 500. */
function createSendEmail(smtpUrl: string, timeoutMs: number) {
  const transport = createTransport({
    url: smtpUrl,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  const { hostname, username } = new URL(smtpUrl);
  const user = decodeURIComponent(username);
  const defaultFrom = user.includes('@') ? user : `sensor-sentinel@${hostname}`;

  return async (
    { to, from }: NonNullable<Receiver['email']>,
    notification: Notification,
  ): Promise<Outcome> => {
    const message: SendMailOptions = {
      ...toEmailMessage(notification),
      to: [...to],
      from: from ?? { name: 'Sensor Sentinel', address: defaultFrom },
      // Mail servers drop a second message with the same id.
      messageId: `<${notification.id}@sensor-sentinel>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    try {
      await within(timeoutMs, transport.sendMail(message));
      return { kind: 'delivered' };
    } catch (error) {
      const isPermanent =
        error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500;
      const words = error instanceof Error ? error.message : String(error);
      return isPermanent ? toFailure(words) : { kind: 'retry', error: words, retryAfterMs: 0 };
    }
  };
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
