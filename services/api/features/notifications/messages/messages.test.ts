import { describe, expect, test } from 'vitest';
import {
  clearedAt,
  createIncident,
  createNotification,
  openedAt,
  toIncidentId,
} from '../../../testing/notification-fixtures.ts';
import { toKey, toTitle } from '../notification.ts';
import { toAlertmanagerBody, toWebhookBody } from './alerts.ts';
import { toDiscordBody, toNtfyBody, toSlackBody, toTeamsBody } from './chats.ts';
import { toEmailMessage } from './email.ts';

const cleared = { state: 'cleared', cleared_at: clearedAt } as const;
const one = createNotification([createIncident(1)]);
const many = createNotification(Array.from({ length: 25 }, (_, index) => createIncident(index + 1)));
const resolved = createNotification([createIncident(1, cleared)]);

/** Markup of all kinds, and a character that shows the text after it backward. */
const hostile = '<b>&amp;</b> @everyone [link](https://evil.example) "quoted" \u202edesrever';
const unsafe = createNotification([createIncident(1, { summary: hostile, description: hostile })]);

const line = `Firing since ${openedAt} — press-1: 3 anomalies in 10 readings`;
const link = 'https://sensors.example/?view=alerts';
const linkToSensor = `${link}&type=climate&sensor=press-1`;
const linkToIncident = `${linkToSensor}&incident=${toIncidentId(1)}`;
const escapedLink = linkToIncident.replaceAll('&', '&amp;');

describe('toTitle', () => {
  test.each([
    { notification: one, title: '[FIRING:1] Too warm — press-1' },
    { notification: resolved, title: '[RESOLVED:1] Too warm — press-1' },
    { notification: many, title: '[FIRING:25] Too warm — press-1, press-2, press-3 and 22 more' },
    {
      notification: createNotification([createIncident(1, cleared), createIncident(2)]),
      title: '[FIRING:1] Too warm — press-2',
    },
  ])('$title', ({ notification, title }) => {
    expect(toTitle(notification)).toBe(title);
  });
});

describe('toKey', () => {
  test('differs where the parts do', () => {
    expect(toKey('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(toKey('a', 'b')).toBe(toKey('a', 'b'));
    expect(new Set([toKey('ab'), toKey('a', 'b'), toKey('', 'ab')]).size).toBe(3);
  });
});

describe('toAlertmanagerBody', () => {
  const labels = {
    alertname: 'Too warm',
    sensor: 'press-1',
    sensor_type: 'climate',
    severity: 'warning',
    team: 'cooling',
  };
  const annotations = { summary: 'press-1: 3 anomalies in 10 readings', description: '' };
  const alert = { labels, annotations, generatorURL: linkToSensor, startsAt: openedAt };

  test('ends a firing alert in four minutes, unless it is sent again', () => {
    expect(toAlertmanagerBody(one)).toEqual([{ ...alert, endsAt: '2026-03-01T12:34:00.000Z' }]);
  });

  test('ends a cleared alert when it was cleared', () => {
    expect(toAlertmanagerBody(resolved)).toEqual([{ ...alert, endsAt: clearedAt }]);
  });

  test('ends an alert that a person resolved when they did', () => {
    const byPerson = { state: 'cleared', resolved: { at: clearedAt, by: 'Ann' } } as const;
    const notification = createNotification([createIncident(1, byPerson)]);
    expect(toAlertmanagerBody(notification)).toEqual([{ ...alert, endsAt: clearedAt }]);
    expect(toWebhookBody(notification).alerts).toMatchObject([{ status: 'resolved', endsAt: clearedAt }]);
    expect(toEmailMessage(notification).text).toContain(`Until: ${clearedAt}`);
    expect(toSlackBody(notification)).toMatchObject({ text: '[RESOLVED:1] Too warm — press-1' });
  });

  test('has no time in the future for a sensor whose clock is ahead', () => {
    const ahead = { opened_at: '2026-03-01T12:31:00.000Z', cleared_at: '2026-03-01T12:32:00.000Z' };
    const [body] = toAlertmanagerBody(createNotification([createIncident(1, { ...cleared, ...ahead })]));
    expect(body).toMatchObject({ startsAt: '2026-03-01T12:30:00.000Z', endsAt: '2026-03-01T12:30:00.000Z' });
  });

  test('has all incidents', () => {
    expect(toAlertmanagerBody(many)).toHaveLength(25);
  });
});

describe('toWebhookBody', () => {
  test('is version 4 of the webhooks of Alertmanager', () => {
    const labels = { alertname: 'Too warm', sensor_type: 'climate', severity: 'warning', team: 'cooling' };
    const fingerprint = expect.stringMatching(/^[0-9a-f]{16}$/);
    const annotations = (number: number) => ({
      summary: `press-${number}: 3 anomalies in 10 readings`,
      description: '',
    });
    const notification = createNotification([createIncident(2, cleared), createIncident(1)]);
    expect(toWebhookBody(notification)).toEqual({
      version: '4',
      groupKey: '{}:{alertname="Too warm"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'on-call',
      groupLabels: { alertname: 'Too warm' },
      commonLabels: labels,
      commonAnnotations: { description: '' },
      externalURL: 'https://sensors.example',
      alerts: [
        {
          status: 'firing',
          labels: { ...labels, sensor: 'press-1' },
          annotations: annotations(1),
          startsAt: openedAt,
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: linkToSensor,
          fingerprint,
        },
        {
          status: 'resolved',
          labels: { ...labels, sensor: 'press-2' },
          annotations: annotations(2),
          startsAt: openedAt,
          endsAt: clearedAt,
          generatorURL: `${link}&type=climate&sensor=press-2`,
          fingerprint,
        },
      ],
    });
  });

  test('says how many alerts it leaves out', () => {
    const { alerts, truncatedAlerts } = toWebhookBody(many);
    expect({ listed: alerts.length, truncatedAlerts }).toEqual({ listed: 20, truncatedAlerts: 5 });
    expect(new Set(alerts.map(({ fingerprint }) => fingerprint)).size).toBe(20);
  });
});

describe('toEmailMessage', () => {
  test('has the same content as text and as HTML', () => {
    const { subject, text, html } = toEmailMessage(
      createNotification([createIncident(1, { description: 'Open\nthe valve.' })]),
    );
    expect(subject).toBe('[FIRING:1] Too warm — press-1');
    expect(text).toBe(
      [
        subject,
        '',
        'press-1: 3 anomalies in 10 readings',
        'State: firing',
        'Sensor: press-1 (climate)',
        'Severity: warning',
        `Since: ${openedAt}`,
        'Readings: 10, of which 3 anomalies',
        'Open\nthe valve.',
        '',
        linkToIncident,
      ].join('\n'),
    );
    expect(html).toContain('<h3>press-1: 3 anomalies in 10 readings</h3>');
    expect(html).toContain('<p>Open<br>the valve.</p>');
    expect(html).toContain(`<a href="${escapedLink}">`);
  });

  test('escapes markup and hidden characters', () => {
    const { html, text } = toEmailMessage(unsafe);
    expect(html).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt;');
    expect(html).toContain('&quot;quoted&quot; \\u{202e}desrever');
    expect(html).not.toContain('<b>');
    expect(text).not.toContain('\u202e');
  });

  test('lists 20 incidents', () => {
    const { text, html } = toEmailMessage(many);
    expect(text).toContain('press-20: 3');
    expect(text).not.toContain('press-21: 3');
    expect(text).toContain('and 5 more');
    expect(html).toContain('<p>and 5 more</p>');
  });
});

describe('toSlackBody', () => {
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

  test('has a title, a line per incident, and a link', () => {
    expect(toSlackBody(one)).toEqual({
      text: '[FIRING:1] Too warm — press-1',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '[FIRING:1] Too warm — press-1', emoji: false } },
        section(line),
        section(`<${escapedLink}|Open the dashboard>`),
      ],
    });
  });

  test('mentions nobody', () => {
    const mention = createNotification([createIncident(1, { summary: '<!channel> & <@U1>' })]);
    expect(JSON.stringify(toSlackBody(mention))).toContain('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  test('has at most 50 blocks', () => {
    const { blocks } = toSlackBody(many);
    expect(blocks).toHaveLength(23);
    expect(blocks.at(-2)).toEqual(section('and 5 more'));
  });
});

describe('toDiscordBody', () => {
  test('has one embed, and mentions nobody', () => {
    expect(toDiscordBody(one)).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: '\\[FIRING:1\\] Too warm — press-1',
          url: linkToIncident,
          description: line,
          color: 0xf9a825,
          timestamp: '2026-03-01T12:30:00.000Z',
        },
      ],
    });
    expect(toDiscordBody(resolved).embeds[0]?.color).toBe(0x2e7d32);
  });

  test('has no links of others, and is within the limit of Discord', () => {
    expect(JSON.stringify(toDiscordBody(unsafe))).not.toContain('[link](');
    const long = Array.from({ length: 30 }, (_, index) =>
      createIncident(index, { summary: '*'.repeat(2000) }),
    );
    const [embed] = toDiscordBody(createNotification(long)).embeds;
    expect(embed?.description.length).toBeLessThanOrEqual(4096);
  });
});

describe('toTeamsBody', () => {
  test('is an Adaptive Card without Markdown', () => {
    const run = (text: string, style = {}) => ({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text, ...style }],
    });
    const { type, attachments } = toTeamsBody(one);
    expect(type).toBe('message');
    expect(attachments).toMatchObject([
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          body: [
            run('[FIRING:1] Too warm — press-1', { size: 'large', weight: 'bolder', color: 'attention' }),
            run(line),
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open the dashboard', url: linkToIncident }],
        },
      },
    ]);
  });
});

describe('toNtfyBody', () => {
  test.each([
    { severity: 'info', priority: 3, tags: ['information_source'] },
    { severity: 'warning', priority: 4, tags: ['warning'] },
    { severity: 'critical', priority: 5, tags: ['rotating_light'] },
  ] as const)('has priority $priority for $severity', ({ severity, priority, tags }) => {
    expect(toNtfyBody(createNotification([createIncident(1, { severity })]), 'plant')).toEqual({
      topic: 'plant',
      title: '[FIRING:1] Too warm — press-1',
      message: line,
      priority,
      tags,
      click: linkToIncident,
    });
  });

  test('leads to the incidents of the sensor type if it has several', () => {
    expect(toNtfyBody(many, 'plant').click).toBe(`${link}&type=climate`);
  });

  test('says what was resolved', () => {
    expect(toNtfyBody(resolved, 'plant')).toMatchObject({
      message: `Resolved ${openedAt} to ${clearedAt} — press-1: 3 anomalies in 10 readings`,
      priority: 3,
      tags: ['white_check_mark'],
    });
  });

  test('is within the limit of ntfy', () => {
    const long = Array.from({ length: 30 }, (_, index) =>
      createIncident(index, { summary: '🔥'.repeat(500) }),
    );
    const { message } = toNtfyBody(createNotification(long), 'plant');
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4000);
    expect(message).toContain('🔥');
    expect(message).not.toMatch(/\p{Cs}/u);
  });
});
