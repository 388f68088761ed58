import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findRetentionDatabaseUrl } from './find-retention-database.ts';

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
