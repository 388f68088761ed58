import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';
import { provideModels } from './provide-models.ts';

declare module 'vitest' {
  interface ProvidedContext {
    apiUrl: string;
    dashboardUrl: string;
    /** Loaded beside the one in use. */
    otherModel: string;
    /** MODEL_DIR: each file in use by a test has a name of its own. */
    modelDirectory: string;
  }
}

/** One running system for all browser tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const place = await createPlace();
  const models = join(place.DATA_DIR ?? '', 'models');
  project.provide('otherModel', provideModels(models));
  project.provide('modelDirectory', models);
  const system = startLocalSystem({ ...place, MODEL_DIR: models });
  await system.said('open http');
  project.provide('apiUrl', system.apiUrl);
  project.provide('dashboardUrl', system.dashboardUrl);
  return async () => {
    await system.stop();
    system.remove();
  };
}
