import type { Receiver as UntrustedReceiver } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { logFailures } from '../../log-failures.ts';
import { listPersonReceivers } from './receiver-rows.ts';
import type { Receiver } from './receivers.ts';

interface ReceiversOptions {
  pool: Pool;
  /** The receivers of RULES_FILE. */
  ofFile: () => readonly UntrustedReceiver[];
  log: Logger;
}

export interface ReceiversInUse {
  /** Those of the file, then those of people as of the last refresh. One of the file replaces that of the same name. */
  list: () => readonly Receiver[];
  /** @throws StorageError */
  refresh: () => Promise<void>;
  /** Never rejects. */
  follow: () => Promise<void>;
}

export function createReceiversInUse({ pool, ofFile, log }: ReceiversOptions): ReceiversInUse {
  let ofPeople: readonly UntrustedReceiver[] = [];

  async function refresh(): Promise<void> {
    ofPeople = await listPersonReceivers(pool);
  }

  return {
    list() {
      const inFile = ofFile().map((receiver) => ({ ...receiver, isTrusted: true }));
      const names = new Set(inFile.map(({ name }) => name));
      const others = ofPeople.filter(({ name }) => !names.has(name));
      return [...inFile, ...others.map((receiver) => ({ ...receiver, isTrusted: false }))];
    },
    refresh,
    follow: logFailures(refresh, log, 'cannot read the receivers of notifications'),
  };
}
