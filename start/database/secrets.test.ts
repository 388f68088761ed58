import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadSecrets } from './secrets.ts';

let file = '';

beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
  file = join(directory, 'secrets.json');
  return () => rmSync(directory, { recursive: true });
});

describe('loadSecrets', () => {
  test('makes three passwords that only the owner can read, and keeps them', () => {
    const secrets = loadSecrets(file);
    expect(new Set(Object.values(secrets)).size).toBe(3);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadSecrets(file)).toEqual(secrets);
  });

  test('adds the password of retention to the file of an earlier version', () => {
    writeFileSync(file, JSON.stringify({ root: 'one', api: 'two' }), { mode: 0o600 });
    const secrets = loadSecrets(file);
    expect(secrets).toEqual({ root: 'one', api: 'two', retention: expect.stringMatching(/^.{32}$/) });
    expect(loadSecrets(file)).toEqual(secrets);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('refuses a file without the password of root', () => {
    writeFileSync(file, JSON.stringify({ api: 'two' }));
    expect(() => loadSecrets(file)).toThrow('root');
    expect(readFileSync(file, 'utf8')).toBe('{"api":"two"}');
  });
});
