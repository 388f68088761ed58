import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { toComposeEnv, toSettingsPage } from './settings-page.ts';

const root = join(import.meta.dirname, '..');
const page = toSettingsPage();
/** By name; the default is empty where there is none. */
const presets = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, name = '', preset = '']) => [name, preset]),
);

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What the first group of the pattern finds. */
function findAll(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

function readSources(folder: string): string {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = names.filter((name) => /\.ts$/.test(name) && !/node_modules|\.test\.ts$/.test(name));
  return sources.map((name) => read(join(folder, name))).join('\n');
}

describe('docs/settings.md', () => {
  test('is what `npm run docs:settings` makes', () => {
    expect(read('docs/settings.md')).toBe(page);
  });

  test.each(['api', 'sender'] as const)('lists what Compose passes to the %s', (service) => {
    const names = toComposeEnv(service);
    expect(read(`services/${service}/compose.env`)).toBe(names);
    expect(names).not.toContain('PASSWORD');
  });

  test('has every variable of docker-compose.yml', () => {
    const compose = read('docker-compose.yml');
    const names = [
      ...findAll(compose, /\$\{([A-Z_]+)/g),
      ...findAll(compose, /^ {6}- '?([A-Z_]+)(?:=.*)?$/gm),
      ...findAll(compose, /^ {4}environment: \[(.*)\]/gm).flatMap((list) => list.split(', ')),
    ];
    expect(names).toEqual(
      expect.arrayContaining(['BIND_ADDRESS', 'RETENTION_RAW', 'DATABASE_ROOT_PASSWORD']),
    );
    expect(names.filter((name) => !presets.has(name))).toEqual([]);
  });

  test('has every variable that the programs of services/api/cli parse', () => {
    const names = findAll(readSources('services/api/cli'), /^ {2}([A-Z]+(?:_[A-Z]+)+): /gm);
    expect(names).toContain('DATABASE_ADMIN_URL');
    expect(names.filter((name) => !presets.has(name))).toEqual([]);
  });

  test('has no variable that nothing reads', () => {
    const readers = ['services/api', 'start', 'e2e'].map(readSources);
    const known = [read('docker-compose.yml'), read('services/sender/compose.env'), ...readers].join('\n');
    expect([...presets.keys()].filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('.env.example', () => {
  const example = Object.entries(parse(read('.env.example')));

  test('has documented settings only', () => {
    expect(example.length).toBeGreaterThan(5);
    expect(example.filter(([name]) => !presets.has(name))).toEqual([]);
  });

  test('changes nothing when it is copied as it is', () => {
    expect(example.filter(([name, value]) => value !== '' && value !== presets.get(name))).toEqual([]);
  });
});
