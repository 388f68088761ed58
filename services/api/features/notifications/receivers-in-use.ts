import type { Receiver as UntrustedReceiver } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { logFailures } from '../../log-failures.ts';
import { listPersonReceivers, type PersonReceiver } from './receiver-rows.ts';
import type { Receiver } from './receivers.ts';

interface ReceiversOptions {
  pool: Pool;
  /** The receivers of RULES_FILE. */
  ofFile: () => readonly UntrustedReceiver[];
  log: Logger;
}

export type Receivers = ReturnType<typeof createReceivers>;

/** The receivers of the file and, as of the last refresh, of people. One of the file replaces that of a person of the same name. */
export function createReceivers({ pool, ofFile, log }: ReceiversOptions) {
  let stored: readonly PersonReceiver[] = [];

  async function refresh(): Promise<void> {
    stored = await listPersonReceivers(pool);
  }

  return {
    ofFile,
    list(): readonly Receiver[] {
      const inFile = ofFile().map((receiver) => ({ ...receiver, isTrusted: true }));
      const names = new Set(inFile.map(({ name }) => name));
      const others = stored.filter(({ receiver: { name } }) => !names.has(name));
      return [...inFile, ...others.map(({ receiver }) => ({ ...receiver, isTrusted: false }))];
    },
    /** Never rejects. */
    refresh: logFailures(refresh, log, 'cannot read the receivers of notifications'),
  };
}
