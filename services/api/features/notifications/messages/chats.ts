import type { Severity } from '@sensor-sentinel/contracts';
import { type Notification, shorten, toLines, toSeverity, toTitle } from '../notification.ts';

/** Twenty lines of this length, escaped, are within the limits of all services. */
const maxLineLength = 160;
const maxTitleLength = 140;

/** An incoming webhook of Slack. `text` is what its clients show in notifications. */
export function toSlackBody(notification: Notification) {
  const title = shorten(toTitle(notification), maxTitleLength);
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  return {
    text: escapeSlack(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      ...toLines(notification, maxLineLength).map((line) => section(escapeSlack(line))),
      section(`<${escapeSlack(notification.url)}|Open the dashboard>`),
    ],
  };
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const discordColors: Readonly<Record<Severity, number>> = {
  critical: 0xd32f2f,
  warning: 0xf9a825,
  info: 0x1976d2,
};
const resolvedColor = 0x2e7d32;

/** An incoming webhook of Discord. Nobody is mentioned, whatever a name contains. */
export function toDiscordBody(notification: Notification) {
  const { status, url, nowMs } = notification;
  const lines = toLines(notification, maxLineLength).map((line) => escapeMarkdown(line));
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: escapeMarkdown(shorten(toTitle(notification), maxTitleLength)).slice(0, 256),
        url,
        description: shorten(lines.join('\n'), 4096),
        color: status === 'firing' ? discordColors[toSeverity(notification)] : resolvedColor,
        timestamp: new Date(nowMs).toISOString(),
      },
    ],
  };
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_~|<>[\]()#@]/g, '\\$&');
}

/** A Workflows webhook of Teams. Text runs, unlike text blocks, have no Markdown. */
export function toTeamsBody(notification: Notification) {
  const paragraph = (text: string, style: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...style }],
  });
  const title = shorten(toTitle(notification), maxTitleLength);
  const color = notification.status === 'firing' ? 'attention' : 'good';
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            paragraph(title, { size: 'large', weight: 'bolder', color }),
            ...toLines(notification, maxLineLength).map((line) => paragraph(line)),
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open the dashboard', url: notification.url }],
        },
      },
    ],
  };
}

const ntfyStyles: Readonly<Record<Severity, { priority: number; tags: readonly string[] }>> = {
  critical: { priority: 5, tags: ['rotating_light'] },
  warning: { priority: 4, tags: ['warning'] },
  info: { priority: 3, tags: ['information_source'] },
};

/** JSON publishing of ntfy, to its base URL. A longer message would become an attachment. */
export function toNtfyBody(notification: Notification, topic: string) {
  const { status, url } = notification;
  const style =
    status === 'firing' ? ntfyStyles[toSeverity(notification)] : { priority: 3, tags: ['white_check_mark'] };
  let message = toLines(notification, maxLineLength).join('\n');
  while (Buffer.byteLength(message) > 4000) message = shorten(message, message.length - 100);
  const title = shorten(toTitle(notification), maxTitleLength);
  return { topic, title, message, ...style, click: url };
}
