import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { loadModel } from './model-in-use.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';
import { startTestApi, type TestApi } from './testing/start-test-api.ts';

const artifact = fileURLToPath(new URL('../../model/artifacts/gradient-boosting.json', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'artifact-'));
const damaged = join(directory, 'damaged.json');

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  writeFileSync(damaged, readFileSync(artifact, 'utf8').replace(/"threshold": ?0\.5/, '"threshold":0.4'));
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url, model: await loadModel(damaged) });
});

afterAll(async () => {
  await api.close();
  await database.drop();
  rmSync(directory, { recursive: true });
});

describe('an artifact that cannot be trusted', () => {
  test.each(['/readyz', '/model', '/predict?temperature=24&humidity=51&sound_volume=60'])(
    'is told by %s and not used',
    async (path) => {
      const answer = await api.get(path);
      expect(answer.status).toBe(503);
      expect(answer.headers.has('retry-after')).toBe(true);
      expect(problemSchema.parse(await answer.json()).detail).toContain('damaged.json');
    },
  );

  test('stores nothing', async () => {
    expect((await api.post({ temperature: 24, humidity: 51, sound_volume: 60 })).status).toBe(503);
    expect(await (await api.get('/stats')).json()).toMatchObject({ count: 0 });
  });

  test('is a fault too when it is missing', async () => {
    expect((await loadModel(join(directory, 'missing.json'))).fault()).toContain('missing.json');
  });
});
