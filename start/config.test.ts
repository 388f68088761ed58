import { describe, expect, test } from 'vitest';
import { parseStartConfig } from './config.ts';

describe('parseStartConfig', () => {
  test.each([
    [{ API_PORT: '0' }, 'API_PORT: expected a port number'],
    [{ RETENTION_RAW: undefined, DATABASE_URL: 'x' }, 'DATABASE_URL: expected mysql'],
    [
      { API_PORT: '99999', DASHBOARD_PORT: '1.5' },
      'API_PORT: expected a port number; DASHBOARD_PORT: expected a port number',
    ],
    [{ DASHBOARD_PORT: 'x' }, 'DASHBOARD_PORT: expected a port number'],
    [{ DATABASE_URL: 'http://x' }, 'DATABASE_URL: expected mysql://user:password@host:port/database'],
  ])('says in plain words what is wrong with %o', (environment, fault) => {
    expect(() => parseStartConfig(environment)).toThrow(fault);
  });
});
