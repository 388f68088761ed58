import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi } from '../../testing/start-test-api.ts';
import { startWire } from '../../testing/start-wire.ts';

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  directory = await mkdtemp(join(tmpdir(), 'rules-'));
});

afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

async function start(options: Partial<Parameters<typeof startTestApi>[0]> = {}) {
  const api = await startTestApi({ databaseUrl: database.url, ...options });
  onTestFinished(api.stop);
  return async () => {
    const answer = await api.get('/system');
    expect(answer.status).toBe(200);
    return systemSchema.parse(await answer.json());
  };
}

describe('GET /system', () => {
  test('says what runs, and how large the tables are', async () => {
    const find = await start();
    const { api, database: found, models, rules_file } = await find();
    expect(api).toMatchObject({ version: '0.2.0', node: process.versions.node });
    expect(found.fault).toBeNull();
    expect(found.server?.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(found.server?.schema).toMatch(/^0\d\d-[a-z-]+$/);
    expect(found.server?.connections).toBeGreaterThan(0);
    expect(found.server?.max_connections).toBeGreaterThanOrEqual(found.server?.connections ?? 0);
    expect(found.server?.tables.map(({ name }) => name)).toContain('readings');
    const sizes = found.server?.tables.map(({ bytes }) => bytes) ?? [];
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(models).toEqual([{ type: 'climate', model: expect.stringMatching(/^gradient-boosting/) }]);
    expect(rules_file).toBeNull();
  });

  test('names the rules file without its folder, and its faults', async () => {
    const file = join(directory, 'rules.yaml');
    writeFileSync(file, 'rules:\n  - name: Hot\n    condition: { kind: nothing }\n');
    const find = await start({ settings: { RULES_FILE: file } });
    const { rules_file } = await find();
    expect(rules_file).toMatchObject({ name: 'rules.yaml', rules: 0, receivers: 0 });
    expect(rules_file?.faults.map(({ line }) => line)).toEqual([3]);
  });

  test('says why, while the database does not answer', async () => {
    const url = new URL(database.url);
    const wire = await startWire({ host: url.hostname, port: Number(url.port || 3306) });
    url.host = `127.0.0.1:${wire.port}`;
    const find = await start({ databaseUrl: url.href });
    expect((await find()).database.fault).toBeNull();
    await wire.cut();
    await expect.poll(async () => (await find()).database.server, { timeout: 20_000 }).toBeNull();
    expect((await find()).database.fault).toContain('ECONNREFUSED');
  });

  test('has no parameters', async () => {
    const api = await startTestApi({ databaseUrl: database.url });
    onTestFinished(api.stop);
    expect((await api.get('/system?all=true')).status).toBe(400);
  });
});
