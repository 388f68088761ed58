import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findRetentionDatabaseUrl, retentionSchema } from './retention-config.ts';

const dayMs = 86_400_000;

describe('retentionSchema', () => {
  test('takes hours, days, weeks and years', () => {
    const given = { RETENTION_RAW: '36h', RETENTION_MINUTE: '8w', RETENTION_HOUR: '2y' };
    expect(retentionSchema.parse(given)).toEqual({
      RETENTION_RAW: 1.5 * dayMs,
      RETENTION_MINUTE: 56 * dayMs,
      RETENTION_HOUR: 730 * dayMs,
      RETENTION_INCIDENTS: 730 * dayMs,
    });
  });

  test('keeps readings and rollups unless a limit is set', () => {
    expect(retentionSchema.parse({ RETENTION_INCIDENTS: '1d' })).toEqual({ RETENTION_INCIDENTS: dayMs });
  });

  test.each(['14', 'd', '1.5d', '-1d', '14 d', '14D', '14m', '0d', '101y', '99999999d'])(
    'refuses %s',
    (text) => {
      expect(() => retentionSchema.parse({ RETENTION_RAW: text })).toThrow(/expected/);
    },
  );

  test('refuses to keep a finer level longer than a coarser one', () => {
    expect(() => retentionSchema.parse({ RETENTION_RAW: '14d', RETENTION_MINUTE: '13d' })).toThrow(
      'at least as long as RETENTION_RAW',
    );
    expect(() => retentionSchema.parse({ RETENTION_HOUR: '2y' })).toThrow('needs RETENTION_MINUTE');
  });
});

const own = { RETENTION_DATABASE_URL: 'mysql://sentinel_retention@db:3306/sensor_sentinel' };
const admin = { DATABASE_ADMIN_URL: 'mysql://root:secret@db:3306/sensor_sentinel' };

function writeSecret(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'secret-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'password'), text);
  return join(directory, 'password');
}

describe('findRetentionDatabaseUrl', () => {
  test("prefers retention's own account to the administrator's", () => {
    expect(findRetentionDatabaseUrl({ ...own, ...admin, RETENTION_DATABASE_PASSWORD: 'a/b' })).toBe(
      'mysql://sentinel_retention:a%2Fb@db:3306/sensor_sentinel',
    );
  });

  test('reads the password from its file', () => {
    const RETENTION_DATABASE_PASSWORD_FILE = writeSecret('from-file\n');
    const given = { ...own, RETENTION_DATABASE_PASSWORD: 'other', RETENTION_DATABASE_PASSWORD_FILE };
    expect(new URL(findRetentionDatabaseUrl(given)).password).toBe('from-file');
  });

  test("takes the administrator's account without one of its own", () => {
    expect(findRetentionDatabaseUrl(admin)).toBe(admin.DATABASE_ADMIN_URL);
    const DATABASE_ADMIN_PASSWORD_FILE = writeSecret('from-file');
    const url = findRetentionDatabaseUrl({ ...admin, DATABASE_ADMIN_PASSWORD_FILE });
    expect(new URL(url).password).toBe('from-file');
  });

  test('names RETENTION_DATABASE_URL when no account is given', () => {
    expect(() => findRetentionDatabaseUrl({})).toThrow('RETENTION_DATABASE_URL');
  });
});
