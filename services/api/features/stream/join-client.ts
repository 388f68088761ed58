import { setTimeout as delay } from 'node:timers/promises';
import type { RefetchEvent } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { catchUp } from './catch-up.ts';
import { formatEvent } from './format-event.ts';
import { contains, parseEventId, type StreamPosition } from './position.ts';
import { findLastSeq } from './read-rows.ts';
import type { RecentEvents } from './recent-events.ts';
import type { StreamClient } from './stream-client.ts';
import type { Tailer } from './tailer.ts';

/** Whoever missed more asks for a page of readings instead. */
export const maxMissed = 50_000;
const lookAgainMs = 20;
const maxLooks = 100;

interface JoinOptions {
  pool: Pool;
  tailer: Tailer;
  recent: RecentEvents;
  client: StreamClient;
  /** Resolves when the client has taken what was written, or is gone. */
  drained: () => Promise<void>;
}

function tellToRefetch(reason: RefetchEvent['reason'], { client, tailer }: JoinOptions): void {
  client.write(formatEvent({ event: 'refetch', data: { reason }, position: tailer.position() }));
  client.goLive(undefined);
}

/** Another replica may have been a moment ahead of this one. */
async function waitForTail({ tailer, client }: JoinOptions, seq: number): Promise<boolean> {
  for (let look = 0; look < maxLooks && !client.isGone(); look++) {
    if (tailer.position().seq >= seq) return true;
    tailer.wake();
    await delay(lookAgainMs);
  }
  return false;
}

/** Reads the past from the database until what happened meanwhile is still at hand. */
async function resume(given: StreamPosition, options: JoinOptions): Promise<void> {
  const { pool, tailer, recent, client, drained } = options;
  const hasSeen = (seq: number) => contains(given, seq);
  let from = given;
  while (!client.isGone()) {
    const to = tailer.position();
    const count = recent.total();
    if (to.seq - from.seq > maxMissed) return tellToRefetch('too_old', options);
    for await (const text of catchUp({ pool, sensors: client.sensors, from, to, hasSeen })) {
      if (!client.write(text)) await drained();
      if (client.isGone()) return;
    }
    const meanwhile = recent.after(count);
    if (meanwhile) {
      client.goLive(given);
      client.send(meanwhile);
      return;
    }
    from = to;
  }
}

/** Gives a new client what it missed, and lets it join the others. */
export async function joinClient(lastEventId: string | undefined, options: JoinOptions): Promise<void> {
  if (lastEventId === undefined) return options.client.goLive(undefined);
  const given = parseEventId(lastEventId);
  const isKnown = given !== undefined && given.seq <= (await findLastSeq(options.pool));
  if (!isKnown || !(await waitForTail(options, given.seq))) return tellToRefetch('unknown_id', options);
  await resume(given, options);
}
