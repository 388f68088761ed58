import type { TestProject } from 'vitest/node';
import { requireChromium } from '../testing/browser.ts';
import { createPlace, startLocalSystem } from '../testing/local-system.ts';

declare module 'vitest' {
  interface ProvidedContext {
    apiUrl: string;
    dashboardUrl: string;
    chromiumPath: string;
  }
}

/** One running system for all browser tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('chromiumPath', requireChromium());
  const system = startLocalSystem(await createPlace());
  await system.said('open http');
  project.provide('apiUrl', system.apiUrl);
  project.provide('dashboardUrl', system.dashboardUrl);
  return async () => {
    await system.stop();
    system.remove();
  };
}
