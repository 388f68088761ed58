import {
  channelKinds,
  type ListedReceiver,
  listedReceiverSchema,
  receiverSchema,
  severitySchema,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addQuietHours,
  emptyChannel,
  generateSecret,
  suggestTopic,
  toDraft,
  toRequest,
  weekdays,
} from './receiver-draft.ts';

const durations = fc.constantFrom('1s', '90s', '1h30m', '4h', '2d');
const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

const quietHours = fc
  .record(
    {
      from: times,
      to: times,
      timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
      // All days are written as no days.
      days: fc.subarray([...weekdays], { minLength: 1, maxLength: 6 }),
      critical_anyway: fc.boolean(),
    },
    { requiredKeys: ['from', 'to', 'timezone', 'critical_anyway'] },
  )
  .filter(({ from, to }) => from !== to);

const listed: fc.Arbitrary<ListedReceiver> = fc
  .record({
    name: fc.constantFrom('Phone', 'On call / 1', 'Büro'),
    kind: fc.constantFrom(...channelKinds),
    target: fc.constant('https://example.com'),
    origin: fc.constant('person'),
    severities: fc.subarray([...severitySchema.options], { minLength: 1 }),
    rules: fc.constantFrom('*', 'cold-*'),
    repeat_interval: durations,
    send_resolved: fc.boolean(),
    group_wait: fc.constantFrom('0s', '30s'),
    quiet_hours: fc.array(quietHours, { maxLength: 3 }),
  })
  .map((receiver) => listedReceiverSchema.parse(receiver));

const channels = [
  ['ntfy', { topic: ' plant-7 ' }, { url: 'https://ntfy.sh', topic: 'plant-7' }],
  ['ntfy', { url: 'http://a.b', topic: 'x', token: 't' }, { url: 'http://a.b', topic: 'x', token: 't' }],
  ['email', { to: 'a@b.de, c@d.de' }, { to: ['a@b.de', 'c@d.de'] }],
  ['email', { to: 'a@b.de', from: 'c@d.de' }, { to: ['a@b.de'], from: 'c@d.de' }],
  ['webhook', { url: 'https://a.b/c', secret: `whsec_${'A'.repeat(44)}` }, { url: 'https://a.b/c' }],
  ['alertmanager', { url: 'http://a.b:9093' }, { url: 'http://a.b:9093' }],
  ['slack', { url: 'https://a.b/c' }, { url: 'https://a.b/c' }],
] as const;

describe('toRequest', () => {
  test('changes nothing of a receiver that is opened and saved', () => {
    fc.assert(
      fc.property(listed, (receiver) => {
        const { kind: _, target: __, origin: ___, ...settings } = receiver;
        expect(toRequest(toDraft(receiver), [])).toEqual({ request: settings, faults: {} });
      }),
    );
  });

  test.each(channels)('has what was typed for %s: %j', (kind, typed, channel) => {
    fc.assert(
      fc.property(listed, (receiver) => {
        const draft = { ...toDraft(receiver), kind, channel: { ...emptyChannel, ...typed } };
        const { request } = toRequest(draft, ['Another']);
        expect(receiverSchema.parse(request)).toMatchObject({ name: receiver.name, [kind]: channel });
      }),
    );
  });

  const faulty = { ...toDraft(), name: ' ', rules: '', repeat_interval: '4 hours', severities: [] };
  const [night] = addQuietHours([], 'Nowhere/Land');
  if (night === undefined) throw new Error('no quiet hours');

  test.each([
    [faulty, ['name', 'ntfy.topic', 'repeat_interval', 'rules', 'severities']],
    [{ ...toDraft(), name: 'Phone', channel: { ...emptyChannel, topic: 'x' } }, ['name']],
    [{ ...toDraft(), name: 'Mail', kind: 'email' as const }, ['email.to']],
    [
      { ...faulty, kind: 'webhook' as const, channel: { ...emptyChannel, url: 'x' } },
      ['name', 'repeat_interval', 'rules', 'severities', 'webhook.secret', 'webhook.url'],
    ],
    [{ ...toDraft(), name: 'x', channel: null, quiet_hours: [night] }, ['quiet_hours.0.timezone']],
    [
      {
        ...toDraft(),
        name: 'x',
        channel: null,
        quiet_hours: [{ ...night, timezone: 'UTC', to: night.from, days: [] }],
      },
      ['quiet_hours.0.days', 'quiet_hours.0.to'],
    ],
  ])('names the fields with faults: %#', (draft, fields) => {
    const { request, faults } = toRequest(draft, ['Phone']);
    expect(request).toBeNull();
    expect(Object.keys(faults).sort()).toEqual(fields);
  });

  test('says what a field must be', () => {
    const draft = { ...toDraft(), name: 'Phone', severities: [], quiet_hours: [{ ...night, from: '25:00' }] };
    expect(toRequest(draft, ['Phone']).faults).toEqual({
      name: 'Another receiver has this name.',
      'ntfy.topic': 'Expected 1 to 64 letters, digits, - and _.',
      severities: 'Choose at least one.',
      'quiet_hours.0.from': 'Expected a time such as "22:00".',
      'quiet_hours.0.timezone': 'Expected a time zone such as "Europe/Berlin".',
    });
    expect(toRequest(toDraft(), []).faults.name).toBe('Expected 1 to 64 characters.');
  });
});

describe('addQuietHours', () => {
  test('gives each an id of its own', () => {
    const three = [1, 2, 3].reduce((hours) => addQuietHours(hours, 'UTC'), toDraft().quiet_hours);
    expect(addQuietHours(three.slice(1), 'UTC').map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

describe('what is generated', () => {
  test('is valid, and different each time', () => {
    const [secret, topic] = [generateSecret(), suggestTopic()];
    const settings = { name: 'x' };
    expect(receiverSchema.safeParse({ ...settings, ntfy: { topic } }).success).toBe(true);
    const webhook = { url: 'https://a.b', secret };
    expect(receiverSchema.safeParse({ ...settings, webhook }).success).toBe(true);
    expect(new Set([secret, generateSecret(), topic, suggestTopic()]).size).toBe(4);
  });
});
