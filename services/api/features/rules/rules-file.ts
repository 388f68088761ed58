import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { type LoadedRules, loadRulesFile } from './load-rules-file.ts';

interface RulesFileOptions {
  path: string;
  /** For the variables that the file names. */
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
}

export interface RulesFile {
  /**
   * Reads the file if it has changed; true if it did. Call it every second: a changed file is read when two calls in a row
   * find it the same, because until then it may still be written. Never rejects.
   */
  read(): Promise<boolean>;
  /** The rules and receivers of the newest file without faults, and the faults of the newest file. */
  current(): LoadedRules;
  /** Whether a file without faults has been read. */
  hasLoaded(): boolean;
}

/** Follows a rules file. A file with faults is logged, and the rules of before stay. */
export function createRulesFile({ path, environment, log }: RulesFileOptions): RulesFile {
  let current: LoadedRules = { rules: [], receivers: [], faults: [] };
  let hasLoaded = false;
  let loadedVersion: string | undefined;
  let seenVersion: string | undefined;

  async function read(): Promise<boolean> {
    const version = await findVersion(path);
    const isComplete = loadedVersion === undefined || version === seenVersion;
    seenVersion = version;
    if (version === loadedVersion || !isComplete) return false;
    const loaded = await loadRulesFile(path, environment);
    loadedVersion = version;
    const isValid = loaded.faults.length === 0;
    hasLoaded ||= isValid;
    current = isValid ? loaded : { ...current, faults: loaded.faults };
    for (const fault of loaded.faults) log.error({ file: path, ...fault }, 'fault in the rules file');
    const counts = { rules: loaded.rules.length, receivers: loaded.receivers.length };
    if (isValid) log.info({ file: path, ...counts }, 'rules file read');
    return true;
  }

  return { read, current: () => current, hasLoaded: () => hasLoaded };
}

/** Differs after every change, also where another file takes its place. */
async function findVersion(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'unreadable';
  }
}
