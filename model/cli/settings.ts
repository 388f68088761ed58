import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Adds `.env` of the working folder to the environment, whose variables win, as the API does. */
export function loadEnvironment(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** Where the API answers, and the folder of its artifacts, by the settings of the API. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>) {
  const { API_PORT, MODEL_DIR } = environment;
  return {
    apiUrl: `http://localhost:${API_PORT || 5000}`,
    modelDirectory: MODEL_DIR ? resolve(MODEL_DIR) : join(import.meta.dirname, '../artifacts'),
  };
}
export type Settings = ReturnType<typeof readSettings>;
