import type { Incident } from '@sensor-sentinel/contracts';
import { type Notification, shorten, toEndedAt, toListed, toTitle } from '../notification.ts';

export interface EmailMessage {
  subject: string;
  text: string;
  html: string;
}

const maxSubjectLength = 200;

export function toEmailMessage(notification: Notification): EmailMessage {
  const { listed, more } = toListed(notification);
  const link = notification.url;
  const rest = more > 0 ? `and ${more} more` : undefined;
  const title = toTitle(notification);
  return {
    subject: shorten(title, maxSubjectLength),
    text: [title, ...listed.map(toText), ...(rest === undefined ? [] : [rest]), link].join('\n\n'),
    html: [
      `<h2>${escapeHtml(title)}</h2>`,
      ...listed.map(toHtml),
      ...(rest === undefined ? [] : [`<p>${rest}</p>`]),
      `<p><a href="${escapeHtml(link)}">Open the dashboard</a></p>`,
    ].join('\n'),
  };
}

function toText(incident: Incident): string {
  const facts = toFacts(incident).map(([name, value]) => `${name}: ${value}`);
  const texts = [incident.summary, ...facts, incident.description];
  return texts.filter((text) => text !== '').join('\n');
}

function toHtml(incident: Incident): string {
  const { summary, description } = incident;
  const rows = toFacts(incident).map(
    ([name, value]) => `<tr><td>${name}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  const paragraph = description === '' ? '' : `<p>${toHtmlLines(description)}</p>`;
  return `<h3>${toHtmlLines(summary)}</h3>\n<table>${rows.join('')}</table>${paragraph}`;
}

function toFacts(incident: Incident): [name: string, value: string][] {
  const { state, severity, sensor_id, type, opened_at, anomalies, readings } = incident;
  const endedAt = toEndedAt(incident);
  const facts: [string, string][] = [
    ['State', state === 'firing' ? 'firing' : 'resolved'],
    ['Sensor', `${sensor_id} (${type})`],
    ['Severity', severity],
    ['Since', opened_at],
  ];
  if (endedAt !== null) facts.push(['Until', endedAt]);
  return [...facts, ['Readings', `${readings}, of which ${anomalies} anomalies`]];
}

function toHtmlLines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
