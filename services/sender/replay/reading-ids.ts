import { createHash } from 'node:crypto';
import type { LeaseAnswer } from '@sensor-sentinel/contracts';
import { v5 as createUuidV5, parse as parseUuid, stringify } from 'uuid';

/** What the ids of a replay's readings are derived from. */
export interface IdSource {
  scheme: LeaseAnswer['id_scheme'];
  /** The id of the replay: the namespace of ids of scheme 5. */
  namespace: Uint8Array;
  /** When the replay started, by the clock of the API. */
  startedMs: number;
  /** The first 3 bytes of the SHA-256 of the replay's id. */
  digest: Uint8Array;
}

export function toIdSource({
  replay_id,
  id_scheme,
  started_at,
}: Pick<LeaseAnswer, 'replay_id' | 'id_scheme' | 'started_at'>): IdSource {
  const namespace = parseUuid(replay_id);
  const digest = createHash('sha256').update(namespace).digest().subarray(0, 3);
  return { scheme: id_scheme, namespace, startedMs: Date.parse(started_at), digest };
}

interface RowPlace {
  loop: number;
  row: number;
}

/** The largest loop and row that have a place in an id of scheme 8. */
const maxLoop = 2 ** 18 - 1;
const maxRow = 2 ** 32 - 1;

/**
 * The id of a row, which does not depend on who sends it, or how often. Scheme 8 is in the order of replays, loops and rows,
 * so that the database appends to its index instead of inserting in random places. Scheme 5, the UUIDv5 of `<loop>/<row>`,
 * is that of replays that began before version 0.3, and of loops and rows too large for scheme 8.
 *
 * The bits of scheme 8, a UUIDv8 (RFC 9562): 48 for the start of the replay in ms, 4 for the version, 12 for the upper part
 * of the loop, 2 for the variant, 6 for the lower part of the loop, 32 for the row, and 24 for the hash of the replay's id.
 */
export function toReadingId(
  { scheme, namespace, startedMs, digest }: IdSource,
  { loop, row }: RowPlace,
): string {
  if (scheme === 5 || loop > maxLoop || row > maxRow) return createUuidV5(`${loop}/${row}`, namespace);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(startedMs / 2 ** 32));
  view.setUint32(2, startedMs % 2 ** 32);
  view.setUint16(6, 0x8000 | (loop >>> 6));
  view.setUint8(8, 0x80 | (loop & 0x3f));
  view.setUint32(9, row);
  bytes.set(digest, 13);
  return stringify(bytes);
}
