import type { TestProject } from 'vitest/node';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';

declare module 'vitest' {
  interface ProvidedContext {
    apiUrl: string;
    dashboardUrl: string;
  }
}

/** One running system for all browser tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const system = startLocalSystem(await createPlace());
  await system.said('open http');
  project.provide('apiUrl', system.apiUrl);
  project.provide('dashboardUrl', system.dashboardUrl);
  return async () => {
    await system.stop();
    system.remove();
  };
}
