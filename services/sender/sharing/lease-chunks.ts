import type { Lease, LeaseAnswer } from '@sensor-sentinel/contracts';
import type { Alarm } from './alarm.ts';
import { type ChunkBook, createChunkBook } from './chunk-book.ts';
import type { ReplayClient } from './replay-client.ts';

/** Rows that are ours for as long as we say so. */
export type Chunk = { lease: Lease; book: ChunkBook; isLost: boolean };
/** What holds for the whole replay. */
export type ReplayTerms = Pick<LeaseAnswer, 'replay_id' | 'started_at' | 'loops'>;

export type ChunkOptions = {
  api: ReplayClient;
  /** How many rows the next lease is to have. */
  toRows: () => number;
  onTerms: (terms: ReplayTerms) => void;
  /** How many senders share the replay. */
  onSenders: (count: number) => void;
  /** Others have all rows that are left. */
  onWaiting: () => void;
  alarm: Alarm;
  stop: AbortSignal;
};

/** Chunk after chunk, until the replay is finished; each is asked for before it is needed, so that there is no pause. */
export function createChunkSource(options: ChunkOptions & { onChunk: (chunk: Chunk) => void }) {
  const { api, toRows, alarm, stop } = options;
  let next: Promise<Chunk | undefined> | undefined;

  async function requestChunk(): Promise<Chunk | undefined> {
    while (!stop.aborted) {
      const rest = alarm.set();
      const answer = await api.lease(toRows(), stop);
      if (answer === undefined || answer.state === 'finished') return undefined;
      options.onTerms(answer);
      options.onSenders(answer.active_senders);
      if (answer.lease !== null) {
        const chunk = { lease: answer.lease, book: createChunkBook(answer.lease), isLost: false };
        options.onChunk(chunk);
        return chunk;
      }
      await rest(answer.retry_after_ms, stop);
      options.onWaiting();
    }
    return undefined;
  }

  function prefetch(): void {
    if (next !== undefined || stop.aborted) return;
    next = requestChunk();
    // A fault is thrown to whoever takes the chunk.
    next.catch(() => undefined);
  }

  return {
    prefetch,
    async *chunks(): AsyncGenerator<Chunk, void, undefined> {
      while (!stop.aborted) {
        prefetch();
        const chunk = await next;
        next = undefined;
        if (chunk === undefined) return;
        yield chunk;
      }
    },
    /** Resolves once no lease is asked for. */
    settled: async () => void (await next?.catch(() => undefined)),
  };
}
