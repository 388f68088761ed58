import { z } from 'zod';
import type { Reply } from '../transport/api-client.ts';
import { postNdjson } from '../transport/post-ndjson.ts';
import type { Outgoing } from './outgoing.ts';
import { toFailure, unanswered } from './row-outcome.ts';
import type { Sender } from './send-posts.ts';

const chunkRows = 500;
const everythingAnswered: Reply = {
  ...{ status: 200, body: null, replayed: false, retryAfterMs: undefined },
  times: { sentAtMs: 0, answeredAtMs: 0 },
};

/** Rows as lines of one request; each is settled by its own line, and tried again are those without one. */
export function createSendLines({ client, deliver, clock, settle, abort }: Sender) {
  return async (batch: readonly Outgoing[]): Promise<void> => {
    const beganAtMs = clock.elapsed();
    const toTimes = (sentAtMs: number) => ({ beganAtMs, sentAtMs, answeredAtMs: clock.elapsed() });
    let left = batch;
    async function attempt(): Promise<Reply> {
      if (left.length === 0) return everythingAnswered;
      let answered = 0;
      const reply = await postNdjson({
        client,
        chunks: toChunks(left),
        elapsed: clock.elapsed,
        signal: abort,
        onAnswer: ({ outgoing, sentAtMs }, outcome) => {
          answered += 1;
          settle(outgoing, { outcome, times: toTimes(sentAtMs) });
        },
      });
      left = left.slice(answered);
      return reply;
    }
    const delivery = await deliver({ attempt, schema: z.null(), signal: abort });
    const outcome = delivery.outcome === 'accepted' ? unanswered : toFailure(delivery);
    for (const outgoing of left) settle(outgoing, { outcome, times: toTimes(clock.elapsed()) });
  };
}

function toChunks(rows: readonly Outgoing[]): Outgoing[][] {
  const count = Math.ceil(rows.length / chunkRows);
  return Array.from({ length: count }, (_, chunk) => rows.slice(chunk * chunkRows, (chunk + 1) * chunkRows));
}
