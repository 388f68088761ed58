import fc from 'fast-check';
import { v5 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { createReadingIds } from './reading-ids.ts';

describe('createReadingIds', () => {
  test('returns UUIDv5 of loop and row in the namespace of the replay', () => {
    const uuid = fc.uuid({ version: [4, 7] });
    fc.assert(
      fc.property(uuid, fc.nat(), fc.nat({ max: Number.MAX_SAFE_INTEGER }), (replayId, loop, row) => {
        expect(createReadingIds(replayId)(loop, row)).toBe(v5(`${loop}/${row}`, replayId));
      }),
    );
  });
});
