import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createCompose } from './compose.ts';

const configSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.string().nullable()).default({}),
      volumes: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
    }),
  ),
});

/** What the containers get if `.env` has these settings. */
async function findServices(settings: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-settings-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const envFile = join(directory, '.env');
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(envFile, lines.join(''));
  const compose = await createCompose({ envFile });
  return configSchema.parse(JSON.parse(await compose.run('config', '--format', 'json'))).services;
}

/** The names that a section of docs/settings.md lists. */
function listSettings(section: string): string[] {
  const page = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name);
}

/** Settings that Compose gives a value of its own, whatever `.env` has. */
const fixed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  api: {
    API_HOST: '0.0.0.0',
    API_PORT: '5000',
    DATABASE_URL: 'mysql://sentinel_api@db:3306/sensor_sentinel',
    DATABASE_PASSWORD_FILE: '/secrets/api/password',
    TRUST_PROXY: '1',
  },
  retention: {
    RETENTION_DATABASE_URL: 'mysql://sentinel_retention@db:3306/sensor_sentinel',
    RETENTION_DATABASE_PASSWORD_FILE: '/secrets/retention/password',
  },
  sender: { SENDER_API_URL: 'http://dashboard:5000', SENDER_HEARTBEAT_FILE: '/tmp/heartbeat' },
};

describe('the settings of .env', () => {
  test.each([
    { service: 'api', section: 'API', others: ['ALLOWED_HOSTS', 'MODEL_DIR'] },
    { service: 'retention', section: 'Retention', others: [] },
    { service: 'sender', section: 'Sender', others: [] },
  ])('reach the container $service, each with its value', async ({ service, section, others }) => {
    const names = listSettings(section).filter((name) => !others.some((other) => other === name));
    const settings = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const services = await findServices(settings);
    expect(names.length).toBeGreaterThan(5);
    expect(services[service]?.environment).toMatchObject({ ...settings, ...fixed[service] });
  });

  test('are not in a container where they are not set', async () => {
    const services = await findServices({});
    for (const [service, values] of Object.entries(fixed)) {
      const { environment = {} } = services[service] ?? {};
      const set = Object.entries(environment).filter(([name, value]) => value !== null && !(name in values));
      expect(set).toEqual(service === 'api' ? [['ALLOWED_HOSTS', 'api,dashboard']] : []);
    }
  });

  test('add host names to those of the containers', async () => {
    const { api } = await findServices({ ALLOWED_HOSTS: 'a.example,10.0.0.7' });
    expect(api?.environment.ALLOWED_HOSTS).toBe('api,dashboard,a.example,10.0.0.7');
  });

  test('mount another folder of models', async () => {
    const findModels = async (settings = {}) => {
      const { api } = await findServices(settings);
      return api?.volumes.find(({ target }) => target === '/app/model/artifacts')?.source;
    };
    expect(await findModels()).toBe(join(import.meta.dirname, '../../model/artifacts'));
    expect(await findModels({ MODEL_DIR: '/srv/models' })).toBe('/srv/models');
    expect(await findModels({ MODEL_DIR: 'models' })).toBe(join(import.meta.dirname, '../../models'));
  });
});

describe('the passwords of .env', () => {
  const passwords = {
    DATABASE_ROOT_PASSWORD: 'password-of-root',
    DATABASE_PASSWORD: 'password-of-api',
    RETENTION_DATABASE_PASSWORD: 'password-of-retention',
    FOREIGN_PASSWORD: 'password-of-another-program',
  };

  test.each([
    { service: 'secrets', own: ['password-of-root', 'password-of-api', 'password-of-retention'] },
    { service: 'db', own: [] },
    { service: 'database-port', own: [] },
    { service: 'migrate', own: [] },
    { service: 'retention', own: ['password-of-retention'] },
    { service: 'api', own: ['password-of-api'] },
    { service: 'sender', own: [] },
    { service: 'dashboard', own: [] },
  ])('reach the container $service only if they are its own', async ({ service, own }) => {
    const text = JSON.stringify((await findServices(passwords))[service]);
    expect(Object.values(passwords).filter((password) => text.includes(password))).toEqual(own);
  });

  test('are in volumes that only their users mount', async () => {
    const services = await findServices({});
    const mounted = Object.entries(services).map(([service, { volumes }]) => {
      const secrets = volumes.map(({ source }) => source).filter((source) => source.endsWith('-secret'));
      return [service, secrets];
    });
    expect(Object.fromEntries(mounted)).toEqual({
      secrets: ['root-secret', 'api-secret', 'retention-secret'],
      db: ['root-secret'],
      'database-port': [],
      migrate: ['root-secret', 'api-secret', 'retention-secret'],
      retention: ['retention-secret'],
      api: ['api-secret'],
      sender: [],
      dashboard: [],
    });
  });
});
