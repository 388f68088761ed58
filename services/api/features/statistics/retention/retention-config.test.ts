import { describe, expect, test } from 'vitest';
import { isEverythingKept, retentionSchema } from './retention-config.ts';

const dayMs = 86_400_000;

describe('the limits of retention', () => {
  test('are hours, days, weeks and years', () => {
    const given = { RETENTION_RAW: '36h', RETENTION_MINUTE: '8w', RETENTION_HOUR: '2y' };
    expect(retentionSchema.parse(given)).toEqual({
      RETENTION_RAW: 1.5 * dayMs,
      RETENTION_MINUTE: 56 * dayMs,
      RETENTION_HOUR: 730 * dayMs,
    });
  });

  test('keep everything unless they are set', () => {
    expect(isEverythingKept(retentionSchema.parse({}))).toBe(true);
    expect(isEverythingKept(retentionSchema.parse({ RETENTION_RAW: '14d' }))).toBe(false);
  });

  test.each(['14', 'd', '1.5d', '-1d', '14 d', '14D', '14m', '0d', '101y', '99999999d'])(
    'refuse %s',
    (text) => {
      expect(() => retentionSchema.parse({ RETENTION_RAW: text })).toThrow(/expected/);
    },
  );

  test('refuse to keep longer what is finer', () => {
    expect(() => retentionSchema.parse({ RETENTION_RAW: '14d', RETENTION_MINUTE: '13d' })).toThrow(
      'at least as long as RETENTION_RAW',
    );
    expect(() => retentionSchema.parse({ RETENTION_HOUR: '2y' })).toThrow('needs RETENTION_MINUTE');
  });
});
