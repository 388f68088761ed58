import type { SenderLoad } from '@sensor-sentinel/contracts';
import type { Log } from '../bounded-log.ts';
import type { Sleep } from '../clock.ts';
import { createAlarm } from './alarm.ts';
import { type Chunk, type ChunkOptions, createChunkSource } from './lease-chunks.ts';

const ackEveryMs = 2000;

export type LeasesOptions = Omit<ChunkOptions, 'alarm'> & {
  totalRows: () => number | undefined;
  load: () => SenderLoad | undefined;
  sleep: Sleep;
  log: Log;
  abort: AbortSignal;
};

export type Leases = ReturnType<typeof createLeases>;

/** The chunks that this sender has, and what it says of them. */
export function createLeases(options: LeasesOptions) {
  const { abort } = options;
  const alarm = createAlarm(options.sleep);
  const open = new Set<Chunk>();
  const source = createChunkSource({ ...options, alarm, onChunk: (chunk) => open.add(chunk) });
  const ackChunk = createAckChunk(options);
  let isOver = false;

  async function ackAll(isReleased: boolean): Promise<void> {
    for (const chunk of [...open]) {
      if (await ackChunk(chunk, isReleased ? 'release' : 'keep')) open.delete(chunk);
    }
  }

  return {
    chunks: source.chunks,
    prefetch: source.prefetch,
    /** A chunk is done: that is said at once. */
    wake: alarm.ring,
    /** Says now and then what is done, which keeps the leases. Resolves after the end. */
    async keepAcking(): Promise<void> {
      while (!isOver && !abort.aborted) {
        const rest = alarm.set();
        if (![...open].some(({ book }) => book.isDone())) await rest(ackEveryMs, abort);
        if (isOver || abort.aborted) return;
        await ackAll(false);
        if (open.size === 0) alarm.ring();
      }
    },
    end: () => {
      isOver = true;
      alarm.ring();
    },
    /** Says what is done, and gives back the rest. */
    async release(): Promise<void> {
      await source.settled();
      await ackAll(true);
    },
  };
}

/** Resolves to whether the lease is at its end. */
function createAckChunk({ api, totalRows, load, onSenders, log, abort }: LeasesOptions) {
  let isEndTold = false;
  return async (chunk: Chunk, then: 'keep' | 'release'): Promise<boolean> => {
    const total = isEndTold ? undefined : totalRows();
    if (total !== undefined) chunk.book.endAt(total);
    const isDone = chunk.book.isDone();
    const isReleased = then === 'release' && !isDone;
    const toAck = () => ({
      lease_id: chunk.lease.id,
      ...chunk.book.toAck(),
      is_released: isReleased,
      ...(total !== undefined && { total_rows: total }),
      load: load(),
    });
    const acked = await api.ack(toAck, abort);
    if (acked?.state === 'kept') {
      isEndTold ||= total !== undefined;
      onSenders(acked.answer.active_senders);
    } else if (acked?.state === 'lost') {
      chunk.isLost = true;
      const { first_row, rows } = chunk.lease;
      log(`rows ${first_row}–${first_row + rows - 1} are no longer this sender's: ${acked.reason}`);
    }
    return isDone || isReleased || chunk.isLost;
  };
}
