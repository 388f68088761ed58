import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import type { ArrivedRow } from '../readings/reading-row.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { createArrivalReader } from './arrival-reader.ts';
import { findTail } from './list-rows.ts';

/** How often readings stored by other replicas are looked for. */
const pollMs = 250;
/** The pause between two queries under load, or while rows wait for a hole to be filled. */
const shortMs = 20;
const retryMs = 1000;

/** A stored reading with its type. */
export interface TypedRow {
  row: ArrivedRow;
  type: LoadedType;
}

interface TailerOptions {
  pool: Pool;
  types: TypeRegistry;
  log: Logger;
  /** Receives every stored reading once, from all replicas. */
  onRows: (rows: readonly TypedRow[]) => void;
  /** Called when the database does not answer. */
  onFailure: () => void;
}

export type Tailer = Awaited<ReturnType<typeof startTailer>>;

/** Follows the end of the table `readings` on behalf of all clients of this process. @throws StorageError */
export async function startTailer({ pool, types, log, onRows, onFailure }: TailerOptions) {
  const reader = createArrivalReader(pool, await findTail(pool));
  const stopping = new AbortController();
  let sleeping: AbortController | undefined;
  let isWoken = false;

  /** @returns whether more rows are ready to be read */
  async function read(): Promise<boolean> {
    const { rows, isMore } = await reader.read();
    const typed: TypedRow[] = [];
    for (const row of rows) typed.push({ row, type: await types.requireById(row.type) });
    if (typed.length > 0 && !stopping.signal.aborted) onRows(typed);
    return isMore;
  }

  async function sleep(ms: number, canBeWoken: boolean): Promise<void> {
    const waking = new AbortController();
    if (canBeWoken) sleeping = waking;
    const signal = AbortSignal.any([stopping.signal, waking.signal]);
    await delay(ms, undefined, { signal, ref: false }).catch(() => undefined); // rejects when woken or stopped
    sleeping = undefined;
  }

  async function readOrWait(): Promise<void> {
    isWoken = false;
    try {
      if (await read()) return;
    } catch (err) {
      log.warn({ err }, 'the stream cannot read from the database; retrying');
      onFailure();
      await sleep(retryMs, false);
      return;
    }
    await sleep(shortMs, false);
    if (reader.waiting() === 0 && !isWoken) await sleep(pollMs - shortMs, true);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) await readOrWait();
  }
  void run();

  return {
    /** Looks for new readings now. */
    wake(): void {
      isWoken = true;
      sleeping?.abort();
    },
    stop: () => stopping.abort(),
  };
}
