import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const bytesPerId = 16;
const idsPerFill = 512;

/** Makes UUIDv7; asks the system for the random bytes of many at once, which costs as much as for one. */
export function createIdMaker(): (msecs: number) => string {
  const pool = new Uint8Array(bytesPerId * idsPerFill);
  let used = pool.length;
  return (msecs) => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += bytesPerId;
    return uuidv7({ msecs, random: pool.subarray(used - bytesPerId, used) });
  };
}
