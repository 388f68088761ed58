import { join } from 'node:path';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';
import { provideModels } from './provide-models.ts';

/** Starts one system for all browser tests. The processes of the tests find it by environment variables. */
export default async function startSystem(): Promise<() => Promise<void>> {
  const place = await createPlace();
  const models = join(place.DATA_DIR ?? '', 'models');
  const otherModelName = provideModels(models);
  const system = startLocalSystem({ ...place, MODEL_DIR: models });
  await system.said('open http');
  process.env.TEST_API_URL = system.apiUrl;
  process.env.TEST_DASHBOARD_URL = system.dashboardUrl;
  process.env.TEST_MODEL_DIR = models;
  process.env.TEST_OTHER_MODEL = otherModelName;
  return async () => {
    await system.stop();
    system.remove();
  };
}

export const apiUrl = process.env.TEST_API_URL ?? '';
export const dashboardUrl = process.env.TEST_DASHBOARD_URL ?? '';
/** MODEL_DIR: each file in use by a test has a name of its own. */
export const modelDirectory = process.env.TEST_MODEL_DIR ?? '';
/** The name of a model in that folder, beside the one in use. */
export const otherModel = process.env.TEST_OTHER_MODEL ?? '';
