import type { QuietHours } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toQuietDelayMs } from './quiet-hours.ts';

const night: QuietHours = { from: '22:00', to: '06:00', timezone: 'Europe/Berlin', critical_anyway: false };

/** When a message of this time is sent. */
function send(at: string, quietHours: readonly QuietHours[], severity: 'warning' | 'critical' = 'warning') {
  const atMs = Date.parse(at);
  return new Date(atMs + toQuietDelayMs(atMs, severity, quietHours)).toISOString();
}

describe('toQuietDelayMs', () => {
  test.each([
    { what: 'before', at: '2026-01-10T20:59:59.999Z', sent: '2026-01-10T20:59:59.999Z' },
    { what: 'at the beginning', at: '2026-01-10T21:00:00.000Z', sent: '2026-01-11T05:00:00.000Z' },
    { what: 'after midnight', at: '2026-01-11T01:30:00.000Z', sent: '2026-01-11T05:00:00.000Z' },
    { what: 'at the end', at: '2026-01-11T05:00:00.000Z', sent: '2026-01-11T05:00:00.000Z' },
    {
      what: 'in the night in which summer begins',
      at: '2026-03-28T22:00:00.000Z',
      sent: '2026-03-29T04:00:00.000Z',
    },
    {
      what: 'in the night in which summer ends',
      at: '2026-10-24T21:00:00.000Z',
      sent: '2026-10-25T05:00:00.000Z',
    },
  ])('$what', ({ at, sent }) => {
    expect(send(at, [night])).toBe(sent);
  });

  test('counts the day on which the quiet hours begin', () => {
    // 10 January 2026 is a Saturday.
    const weekend: QuietHours = { ...night, timezone: 'UTC', days: ['sat'] };
    expect(send('2026-01-11T03:00:00.000Z', [weekend])).toBe('2026-01-11T06:00:00.000Z');
    expect(send('2026-01-11T23:00:00.000Z', [weekend])).toBe('2026-01-11T23:00:00.000Z');
  });

  test('waits until the end of quiet hours that follow one another', () => {
    const noon: QuietHours = {
      from: '06:00',
      to: '12:00',
      timezone: 'Europe/Berlin',
      critical_anyway: false,
    };
    expect(send('2026-01-10T23:00:00.000Z', [night, noon])).toBe('2026-01-11T11:00:00.000Z');
  });

  test('lets critical messages pass where they may', () => {
    const passing = { ...night, critical_anyway: true };
    expect(send('2026-01-10T23:00:00.000Z', [passing], 'critical')).toBe('2026-01-10T23:00:00.000Z');
    expect(send('2026-01-10T23:00:00.000Z', [night], 'critical')).toBe('2026-01-11T05:00:00.000Z');
  });

  test('does not wait without quiet hours', () => {
    expect(toQuietDelayMs(0, 'info', [])).toBe(0);
  });
});
