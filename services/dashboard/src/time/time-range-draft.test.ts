import { describe, expect, test } from 'vitest';
import { parseTimeRange } from './time-range-draft.ts';

const nowMs = new Date(2026, 10, 22, 12, 0, 0).getTime();
const readable = { fromIsUnreadable: false, toIsUnreadable: false };

function errorsOf(from: string, to: string) {
  const result = parseTimeRange({ from, to, ...readable }, nowMs);
  return 'errors' in result ? result.errors : {};
}

describe('parseTimeRange', () => {
  test('reads local times into UTC', () => {
    const draft = { from: '2026-11-22T10:00:00', to: '2026-11-22T11:30:05', ...readable };
    expect(parseTimeRange(draft, nowMs)).toEqual({
      window: {
        from: new Date(2026, 10, 22, 10, 0, 0).toISOString(),
        to: new Date(2026, 10, 22, 11, 30, 5).toISOString(),
      },
    });
  });

  test('needs both ends', () => {
    expect(errorsOf('', '2026-11-22T11:00:00').from).toContain('missing');
    expect(errorsOf('2026-11-22T11:00:00', '').to).toContain('missing');
    expect(Object.values(errorsOf('', ''))).toHaveLength(2);
  });

  test('needs the start before the end', () => {
    expect(errorsOf('2026-11-22T11:00:00', '2026-11-22T10:00:00').from).toContain('before');
    expect(errorsOf('2026-11-22T11:00:00', '2026-11-22T11:00:00').from).toContain('before');
  });

  test('refuses the future', () => {
    expect(errorsOf('2026-11-22T11:00:00', '2026-11-22T12:00:01').to).toContain('future');
    expect(errorsOf('2026-11-22T11:00:00', '2026-11-22T12:00:00').to).toBeUndefined();
  });

  test('refuses what is no date, and what the browser could not read', () => {
    expect(errorsOf('yesterday', '2026-11-22T10:00:00').from).toContain('not a date');
    expect(errorsOf('0001-01-01T00:00:00', '2026-11-22T10:00:00').from).toContain('impossible year');
    const draft = { from: '', to: '', fromIsUnreadable: true, toIsUnreadable: false };
    expect(parseTimeRange(draft, nowMs)).toMatchObject({
      errors: { from: 'Start is not a complete date and time.' },
    });
  });
});
