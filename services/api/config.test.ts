import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';

const DATABASE_URL = 'mysql://sentinel_api:first@db:3306/sensor_sentinel';

describe('parseConfig', () => {
  test('has defaults for everything except the database', () => {
    expect(parseConfig({ DATABASE_URL })).toMatchObject({
      host: '127.0.0.1',
      port: 5000,
      databaseUrl: DATABASE_URL,
      modelName: 'best',
    });
    expect(() => parseConfig({})).toThrow(ConfigError);
  });

  test('uses a rules file only if one is named', () => {
    expect(parseConfig({ DATABASE_URL, RULES_FILE: '' }).rulesFile).toBeUndefined();
    expect(parseConfig({ DATABASE_URL, RULES_FILE: 'rules/rules.yaml' }).rulesFile).toBe('rules/rules.yaml');
  });

  test('treats an empty variable as unset', () => {
    expect(parseConfig({ DATABASE_URL, API_PORT: '', MODEL_NAME: '' }).port).toBe(5000);
  });

  test('takes a duration as rules write it', () => {
    expect(parseConfig({ DATABASE_URL, MAX_CLOCK_SKEW: '1m30s' }).maxClockSkewMs).toBe(90_000);
    expect(() => parseConfig({ DATABASE_URL, MAX_CLOCK_SKEW: '90' })).toThrow(
      'MAX_CLOCK_SKEW: expected a duration such as "90s", "5m" or "1h30m"',
    );
  });

  test('names every invalid variable', () => {
    const parse = () => parseConfig({ DATABASE_URL: 'x', API_PORT: '-1', MAX_BODY_BYTES: 'much' });
    expect(parse).toThrow('DATABASE_URL: expected mysql://user@host:port/database');
    expect(parse).toThrow('API_PORT: expected a number, at least 0');
    expect(parse).toThrow('MAX_BODY_BYTES: expected a number');
  });

  test('reads a password with special characters from a file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'secret-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'password'), 'a/b@c:d%e\n');
    const { databaseUrl } = parseConfig({
      DATABASE_URL,
      DATABASE_PASSWORD_FILE: join(directory, 'password'),
    });
    expect(decodeURIComponent(new URL(databaseUrl).password)).toBe('a/b@c:d%e');
  });

  test('names an unreadable password file', () => {
    const parse = () => parseConfig({ DATABASE_URL, DATABASE_PASSWORD_FILE: '/nowhere/password' });
    expect(parse).toThrow('DATABASE_PASSWORD_FILE: cannot read /nowhere/password');
  });
});
