import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import type { ArrivedRow } from '../readings/reading-row.ts';
import type { StreamPosition } from './position.ts';
import { findTail, listRowsAfter, listRowsIn } from './read-rows.ts';
import { createSeqTracker, type Delivery, type SeqTracker } from './seq-tracker.ts';

/** What other replicas store is seen about so much later. */
const pollMs = 250;
/** While rows wait for a hole to be filled, and between two looks under load. */
const shortMs = 20;
const retryMs = 1000;
const rowsPerRead = 5000;

interface TailerOptions {
  pool: Pool;
  log: Logger;
  /** Hears of every stored reading once, whoever stored it. */
  onDeliveries: (deliveries: readonly Delivery<ArrivedRow>[]) => void;
}

/** Follows the end of the table `readings`, for all clients of this process together. */
export interface Tailer {
  /** Of what was delivered. */
  position: () => StreamPosition;
  /** This process has committed something. */
  wake: () => void;
  stop: () => void;
}

/** @throws ApiError `database_unavailable` */
export async function startTailer({ pool, log, onDeliveries }: TailerOptions): Promise<Tailer> {
  const tracker: SeqTracker<ArrivedRow> = createSeqTracker(await findTail(pool), performance.now());
  const stopping = new AbortController();
  let sleeping: AbortController | undefined;
  let isWoken = false;

  /** @returns whether there is more to be read at once. */
  async function read(): Promise<boolean> {
    const isFull = tracker.waiting() >= rowsPerRead;
    const rows = isFull ? [] : await listRowsAfter(pool, { after: tracker.top(), limit: rowsPerRead });
    // After the rows behind them: what was committed before one of those is then seen too.
    const filled = await listRowsIn(pool, tracker.due(performance.now()));
    if (stopping.signal.aborted) return false;
    const deliveries = tracker.accept([...filled, ...rows], performance.now());
    if (deliveries.length > 0) onDeliveries(deliveries);
    return rows.length === rowsPerRead;
  }

  async function sleep(ms: number, canBeWoken: boolean): Promise<void> {
    const waking = new AbortController();
    if (canBeWoken) sleeping = waking;
    const signal = AbortSignal.any([stopping.signal, waking.signal]);
    await delay(ms, undefined, { signal, ref: false }).catch(() => undefined); // woken, or stopped
    sleeping = undefined;
  }

  async function readOrWait(): Promise<void> {
    isWoken = false;
    try {
      if (await read()) return;
    } catch (err) {
      log.warn({ err }, 'the stream waits for the database');
      await sleep(retryMs, false);
      return;
    }
    await sleep(shortMs, false);
    if (tracker.waiting() === 0 && !isWoken) await sleep(pollMs - shortMs, true);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) await readOrWait();
  }
  void run();

  return {
    position: tracker.position,
    wake() {
      isWoken = true;
      sleeping?.abort();
    },
    stop: () => stopping.abort(),
  };
}
