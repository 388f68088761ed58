import { type Delivery, listedReceiverSchema } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { describeDelivery, describeMessage, describeReceiver } from './describe-receiver.ts';

const receiver = { name: 'Phone', kind: 'ntfy', target: 'https://ntfy.sh', origin: 'person' };
const night = { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' };

describe('describeReceiver', () => {
  test.each([
    [{}, 'All incidents, repeated every 4 h.'],
    [
      { severities: ['warning', 'critical'], rules: 'cold-*', repeat_interval: '90m', quiet_hours: [night] },
      'Warning and critical incidents of rules cold-*, repeated every 1 h 30 min. Quiet 22:00–06:00 (Europe/Berlin).',
    ],
    [
      {
        send_resolved: false,
        group_wait: '30s',
        quiet_hours: [{ ...night, days: ['fri', 'sat', 'sun'], critical_anyway: true }],
      },
      'All incidents, repeated every 4 h. Collected for 30 s before the first message. No message when they end. Quiet 22:00–06:00 on Fri, Sat and Sun (Europe/Berlin), except critical ones.',
    ],
    [{ kind: 'alertmanager', quiet_hours: [night] }, 'All incidents, repeated every minute.'],
  ])('%j', (settings, text) => {
    expect(describeReceiver(listedReceiverSchema.parse({ ...receiver, ...settings }))).toBe(text);
  });
});

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const delivery: Delivery = {
  id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0b001',
  receiver: 'Phone',
  rule: 'Anomalies',
  kind: 'change',
  state: 'waiting',
  status: null,
  incidents: 0,
  created_at: '2026-11-22T11:50:00.000Z',
  ended_at: null,
  attempts: 0,
  last_error: null,
};
const ended_at = '2026-11-22T11:57:00.000Z';

describe('describeDelivery', () => {
  test.each([
    [{}, 'waiting to be sent'],
    [{ attempts: 3, last_error: 'answered 503' }, 'waiting after 3 attempts: answered 503'],
    [{ state: 'delivered', ended_at }, 'delivered 3 min ago'],
    [{ state: 'failed', ended_at, last_error: 'answered 404' }, 'failed 3 min ago: answered 404'],
  ] as const)('%j', (part, text) => {
    expect(describeDelivery({ ...delivery, ...part }, nowMs)).toBe(text);
  });
});

describe('describeMessage', () => {
  test.each([
    [{}, '–'],
    [{ status: 'firing', incidents: 3 }, '3 firing'],
    [{ status: 'resolved', incidents: 1 }, '1 resolved'],
    [{ status: 'firing', incidents: 2, kind: 'repeat' }, '2 firing (repeat)'],
  ] as const)('%j', (part, text) => {
    expect(describeMessage({ ...delivery, ...part })).toBe(text);
  });
});
