import { setTimeout as delay } from 'node:timers/promises';
import type { RefetchEvent } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { type ArrivedRow, toReadingEvent } from '../readings/reading-row.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { findLastSeq, listRowsAfter, listRowsIn } from './list-rows.ts';
import type { StreamClient } from './stream-clients.ts';
import {
  contains,
  formatEvent,
  parseEventId,
  type RecentEvents,
  type SeqRange,
  type StreamPosition,
} from './stream-events.ts';
import type { Tailer } from './tailer.ts';

/** A client that missed more readings fetches a page of readings instead. */
const maxMissed = 50_000;
const tailPollMs = 20;
const maxTailPolls = 100;
const rowsPerRead = 1000;

interface JoinOptions {
  pool: Pool;
  /** The type of the readings that the client receives. */
  type: LoadedType;
  tailer: Tailer;
  recent: RecentEvents;
  client: StreamClient;
}

/** Sends a new client the events it missed since `lastEventId`, then lets it receive live events. */
export async function joinClient(lastEventId: string | undefined, options: JoinOptions): Promise<void> {
  if (lastEventId === undefined) return options.client.goLive(undefined);
  const given = parseEventId(lastEventId);
  const isKnown = given !== undefined && given.seq <= (await findLastSeq(options.pool));
  if (!isKnown || !(await waitForTail(options, given.seq))) return sendRefetch('unknown_id', options);
  await resume(given, options);
}

/** The id may come from a replica that was slightly ahead of this one. */
async function waitForTail({ tailer, client }: JoinOptions, seq: number): Promise<boolean> {
  for (let poll = 0; poll < maxTailPolls && !client.isGone(); poll++) {
    if (tailer.position().seq >= seq) return true;
    tailer.wake();
    await delay(tailPollMs);
  }
  return false;
}

function sendRefetch(reason: RefetchEvent['reason'], { client, tailer }: JoinOptions): void {
  client.write(formatEvent({ event: 'refetch', data: { reason }, position: tailer.position() }));
  client.goLive(undefined);
}

/** Reads from the database until the events that were published meanwhile are all in `recent`. */
async function resume(given: StreamPosition, options: JoinOptions): Promise<void> {
  const { pool, type, tailer, recent, client } = options;
  const hasSeen = (seq: number) => contains(given, seq);
  let from = given;
  while (!client.isGone()) {
    const to = tailer.position();
    const count = recent.total();
    if (to.seq - from.seq > maxMissed) return sendRefetch('too_old', options);
    for await (const text of readMissedEvents({ pool, type, sensors: client.sensors, from, to, hasSeen })) {
      if (!client.write(text)) await client.drained();
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

interface MissedEventsQuery {
  pool: Pool;
  type: LoadedType;
  sensors: readonly string[] | undefined;
  from: StreamPosition;
  to: StreamPosition;
  /** Whether the client received the reading before it reconnected. */
  hasSeen: (seq: number) => boolean;
}

/** The events between two positions in the order of arrival, as texts of bounded length. */
async function* readMissedEvents({
  pool,
  type,
  sensors,
  from,
  to,
  hasSeen,
}: MissedEventsQuery): AsyncGenerator<string> {
  const isWanted = ({ seq, sensor_id, type: ofType }: ArrivedRow) =>
    ofType === type.id &&
    contains(to, seq) &&
    !hasSeen(seq) &&
    (sensors === undefined || sensors.includes(sensor_id));
  const open = intersect(from.holes, to.holes);
  const filled = (await listRowsIn(pool, from.holes)).filter(isWanted);
  if (filled.length > 0) yield toFilledEvents(type, filled, { seq: from.seq, holes: open });
  for (let after = from.seq; after < to.seq; ) {
    const rows = await listRowsAfter(pool, {
      after,
      upTo: to.seq,
      only: { type: type.id, sensors },
      limit: rowsPerRead,
    });
    const events = rows.filter(isWanted).map((row) => {
      const passed = to.holes.filter((hole) => hole.from > from.seq && hole.from <= row.seq);
      return toEvent(type, row, { seq: row.seq, holes: [...open, ...passed] });
    });
    if (events.length > 0) yield events.join('');
    if (rows.length < rowsPerRead) return;
    after = rows.at(-1)?.seq ?? to.seq;
  }
}

/** The rows that filled holes of the client. The id of each event lists the rows not yet sent as holes. */
function toFilledEvents(
  type: LoadedType,
  rows: readonly ArrivedRow[],
  { seq, holes }: StreamPosition,
): string {
  const events = rows.map((row, index) => {
    const unsent = rows.slice(index + 1).map((next) => ({ from: next.seq, to: next.seq }));
    return toEvent(type, row, { seq, holes: [...holes, ...unsent].sort((a, b) => a.from - b.from) });
  });
  return events.join('');
}

function toEvent(type: LoadedType, row: ArrivedRow, position: StreamPosition): string {
  return formatEvent({ event: 'reading', data: toReadingEvent(type, row), position });
}

function intersect(a: readonly SeqRange[], b: readonly SeqRange[]): SeqRange[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from <= to),
  );
}
