import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createIncident, createNotification, createReceiver } from '../../testing/notification-fixtures.ts';
import { startHttpSink } from '../../testing/start-http-sink.ts';
import { startMailSink } from '../../testing/start-mail-sink.ts';
import { toNotification } from './notification.ts';
import type { Receiver } from './receivers.ts';
import { createSend } from './send.ts';
import { sendTest } from './send-test.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const notification = createNotification([createIncident(1)]);
const send = createSend({ smtpUrl: undefined, allowPrivateReceivers: false });

async function openSink(answer?: Parameters<typeof startHttpSink>[0]) {
  const sink = await startHttpSink(answer);
  onTestFinished(sink.stop);
  return sink;
}

describe('createSend', () => {
  test('signs webhooks as Standard Webhooks wants', async () => {
    const sink = await openSink();
    const now = toNotification({ ...notification, nowMs: Date.now() });
    const receiver = createReceiver({ webhook: { url: `${sink.url}/hook?a=1`, secret } });
    expect(await send(receiver, now)).toEqual({ kind: 'delivered' });
    const [request] = sink.requests;
    expect(request?.path).toBe('/hook?a=1');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': now.id,
      'idempotency-key': now.id,
    });
    const headers = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
        name,
        String(request?.headers[name]),
      ]),
    );
    const body = request?.body ?? '';
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ version: '4', status: 'firing' });
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
  });

  test.each<{ channel: string; path: string; toSettings: (url: string) => Partial<Receiver>; body: object }>([
    {
      channel: 'Alertmanager',
      path: '/am/api/v2/alerts',
      toSettings: (url) => ({ alertmanager: { url: `${url}/am/` } }),
      body: [{ labels: { alertname: 'Too warm' } }],
    },
    {
      channel: 'Slack',
      path: '/T0/B0/x',
      toSettings: (url) => ({ slack: { url: `${url}/T0/B0/x` } }),
      body: { text: '[FIRING:1] Too warm — press-1' },
    },
    {
      channel: 'Discord',
      path: '/api/webhooks/1/x',
      toSettings: (url) => ({ discord: { url: `${url}/api/webhooks/1/x` } }),
      body: { allowed_mentions: { parse: [] } },
    },
    {
      channel: 'Teams',
      path: '/workflows/x?sig=1',
      toSettings: (url) => ({ teams: { url: `${url}/workflows/x?sig=1` } }),
      body: { type: 'message' },
    },
    {
      channel: 'ntfy',
      path: '/',
      toSettings: (url) => ({ ntfy: { url, topic: 'plant' } }),
      body: { topic: 'plant' },
    },
  ])('posts JSON to $channel', async ({ path, toSettings, body }) => {
    const sink = await openSink();
    expect(await send(createReceiver(toSettings(sink.url)), notification)).toEqual({ kind: 'delivered' });
    expect(sink.requests).toMatchObject([{ path, headers: { 'idempotency-key': notification.id } }]);
    expect(JSON.parse(sink.requests[0]?.body ?? '')).toMatchObject(body);
  });

  test('has the token of ntfy in a header', async () => {
    const sink = await openSink();
    await send(createReceiver({ ntfy: { url: sink.url, topic: 'plant', token: 'tk_1' } }), notification);
    expect(sink.requests[0]?.headers.authorization).toBe('Bearer tk_1');
  });

  test.each([
    { status: 400, kind: 'failed', retryAfterMs: undefined },
    { status: 404, kind: 'failed', retryAfterMs: undefined },
    { status: 408, kind: 'retry', retryAfterMs: 0 },
    { status: 429, kind: 'retry', retryAfterMs: 7000 },
    { status: 500, kind: 'retry', retryAfterMs: 0 },
    { status: 503, kind: 'retry', retryAfterMs: 7000 },
  ])('$kind after $status', async ({ status, kind, retryAfterMs }) => {
    const headers: Record<string, string> = retryAfterMs === 7000 ? { 'retry-after': '7' } : {};
    const sink = await openSink(() => ({ status, headers, body: 'because\nof this' }));
    expect(await send(createReceiver({ slack: { url: sink.url } }), notification)).toEqual({
      kind,
      error: `answered ${status}: because of this`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });

  test('takes a date in Retry-After', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const sink = await openSink(() => ({ status: 429, headers: { 'retry-after': date } }));
    const outcome = await send(createReceiver({ slack: { url: sink.url } }), notification);
    expect(outcome).toMatchObject({ kind: 'retry' });
    const delayMs = outcome.kind === 'retry' ? outcome.retryAfterMs : 0;
    expect(delayMs).toBeGreaterThan(3_000_000);
    expect(delayMs).toBeLessThanOrEqual(3_600_000);
  });

  test('does not follow redirects', async () => {
    const target = await openSink();
    const sink = await openSink(() => ({ status: 307, headers: { location: target.url } }));
    const outcome = await send(createReceiver({ slack: { url: sink.url } }), notification);
    expect(outcome).toEqual({ kind: 'failed', error: 'answered 307' });
    expect(target.requests).toEqual([]);
  });

  test('gives up a receiver that does not answer', async () => {
    const sink = await openSink(() => undefined);
    const impatient = createSend({ smtpUrl: undefined, allowPrivateReceivers: false, timeoutMs: 200 });
    expect(await impatient(createReceiver({ slack: { url: sink.url } }), notification)).toEqual({
      kind: 'retry',
      error: 'no answer within 200 ms',
      retryAfterMs: 0,
    });
  });

  test('retries while nothing listens', async () => {
    const sink = await startHttpSink();
    await sink.stop();
    const outcome = await send(createReceiver({ slack: { url: sink.url } }), notification);
    expect(outcome).toMatchObject({ kind: 'retry', error: expect.stringContaining('ECONNREFUSED') });
  });

  test('shows no secrets in errors', async () => {
    const sink = await openSink(() => ({ status: 400, body: `no /hook?key=abc for ${secret} and tk_1` }));
    const webhook = { url: `${sink.url}/hook?key=abc`, secret };
    expect(await send(createReceiver({ webhook }), notification)).toMatchObject({
      error: 'answered 400: no *** for *** and tk_1',
    });
    const ntfy = { url: sink.url, topic: 'plant', token: 'tk_1' };
    expect(await send(createReceiver({ ntfy }), notification)).toMatchObject({
      error: expect.stringMatching(/and \*\*\*$/),
    });
    const invalid = createReceiver({ webhook: { url: sink.url, secret: 'not base64!' } });
    expect(await send(invalid, notification)).toEqual({
      kind: 'failed',
      error: 'the URL, the topic or the secret of the receiver is invalid',
    });
  });
});

describe('a receiver that is not trusted', () => {
  const addresses = [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '[fe80::1]',
    '[fd00::1]',
    '0.0.0.0',
  ];

  test.each(addresses)('does not reach %s', async (address) => {
    const sink = await openSink();
    const { port } = new URL(sink.url);
    const receiver = createReceiver({ slack: { url: `http://${address}:${port}/` }, isTrusted: false });
    expect(await send(receiver, notification)).toEqual({
      kind: 'failed',
      error: expect.stringContaining('is not a public address: set ALLOW_PRIVATE_RECEIVERS=true'),
    });
    expect(sink.requests).toEqual([]);
  });

  test('reaches a private address where it may', async () => {
    const sink = await openSink();
    const permissive = createSend({ smtpUrl: undefined, allowPrivateReceivers: true });
    const receiver = createReceiver({ slack: { url: sink.url }, isTrusted: false });
    expect(await permissive(receiver, notification)).toEqual({ kind: 'delivered' });
  });
});

async function openMailSink(options?: SMTPServerOptions) {
  const sink = await startMailSink(options);
  onTestFinished(sink.stop);
  return sink;
}

describe('e-mail', () => {
  const receiver = createReceiver({
    email: { to: ['a@example.com', 'b@example.com'], from: 'plant@example.com' },
  });

  test('is sent as text and HTML', async () => {
    const { smtpUrl, mails } = await openMailSink();
    const sendMail = createSend({ smtpUrl, allowPrivateReceivers: false });
    expect(await sendMail(receiver, notification)).toEqual({ kind: 'delivered' });
    expect(mails).toMatchObject([{ from: 'plant@example.com', to: ['a@example.com', 'b@example.com'] }]);
    const source = mails[0]?.source ?? '';
    expect(source).toContain(`Message-ID: <${notification.id}@sensor-sentinel>`);
    expect(source).toContain('Subject: =?UTF-8?Q?=5BFIRING=3A1=5D');
    expect(source).toContain('Content-Type: text/plain; charset=utf-8');
    expect(source).toContain('Content-Type: text/html; charset=utf-8');
  });

  test.each([
    { code: 550, kind: 'failed' },
    { code: 451, kind: 'retry' },
  ])('$kind after $code', async ({ code, kind }) => {
    const { smtpUrl } = await openMailSink({
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error('not here'), { responseCode: code })),
    });
    const outcome = await createSend({ smtpUrl, allowPrivateReceivers: false })(receiver, notification);
    expect(outcome).toMatchObject({ kind, error: expect.stringContaining('not here') });
  });

  test('gives up a server that says nothing', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const smtpUrl = `smtp://127.0.0.1:${port}`;
    const impatient = createSend({ smtpUrl, allowPrivateReceivers: false, timeoutMs: 200 });
    expect(await impatient(receiver, notification)).toMatchObject({ kind: 'retry' });
  });

  test('needs SMTP_URL', async () => {
    expect(await send(receiver, notification)).toEqual({
      kind: 'failed',
      error: 'e-mail needs the setting SMTP_URL',
    });
  });
});

describe('sendTest', () => {
  const options = { send, externalUrl: 'https://sensors.example', now: new Date() };

  test('says that the message was accepted', async () => {
    const sink = await openSink();
    expect(await sendTest(createReceiver({ slack: { url: sink.url } }), options)).toEqual({
      delivered: true,
      text: 'on-call accepted the test message.',
    });
    expect(sink.requests[0]?.body).toContain('This is a test message of Sensor Sentinel.');
    expect(sink.requests[0]?.body).toContain('https://sensors.example/?view=receivers');
  });

  test('says why it was not', async () => {
    const sink = await openSink(() => ({ status: 403 }));
    expect(await sendTest(createReceiver({ slack: { url: sink.url } }), options)).toEqual({
      delivered: false,
      text: 'on-call did not accept the test message: answered 403',
    });
  });
});
