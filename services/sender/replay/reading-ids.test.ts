import fc from 'fast-check';
import { v5, validate, version } from 'uuid';
import { describe, expect, test } from 'vitest';
import { toIdSource, toReadingId } from './reading-ids.ts';

const replay_id = '0f3d2c1b-0a09-4807-8605-040302010099';
const started_at = '2026-11-28T06:00:00.123Z';
const source = toIdSource({ replay_id, id_scheme: 8, started_at });

describe('toReadingId', () => {
  test('has the layout of scheme 8', () => {
    const id = toReadingId(source, { loop: 0x2_a5f3, row: 0x0102_0304 });
    const startedMs = Date.parse(started_at).toString(16).padStart(12, '0');
    // The loop 0b10_1010_0101_11_110011: twelve bits after the version, six after the variant.
    expect(id).toMatch(new RegExp(`^${startedMs.slice(0, 8)}-${startedMs.slice(8)}-8a97-b301-020304`));
    expect([validate(id), version(id)]).toEqual([true, 8]);
  });

  test('differs between rows, loops and replays, and is always the same for one of them', () => {
    const other = toIdSource({
      replay_id: '0f3d2c1b-0a09-4807-8605-040302010098',
      id_scheme: 8,
      started_at,
    });
    const ids = [source, other].flatMap((of) =>
      [0, 1, 63, 64, 262_143].flatMap((loop) =>
        [0, 1, 2 ** 32 - 1].map((row) => toReadingId(of, { loop, row })),
      ),
    );
    expect(new Set(ids).size).toBe(30);
    expect(toReadingId(toIdSource({ replay_id, id_scheme: 8, started_at }), { loop: 0, row: 0 })).toBe(
      ids[0],
    );
  });

  test('is in the order of loops and rows', () => {
    const place = fc.record({ loop: fc.nat(262_143), row: fc.nat(2 ** 32 - 1) });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const isBefore = a.loop < b.loop || (a.loop === b.loop && a.row < b.row);
        expect(toReadingId(source, a) < toReadingId(source, b)).toBe(isBefore);
      }),
    );
  });

  test('is a UUIDv5 in a replay of scheme 5, and beyond the largest loop and row', () => {
    const old = toIdSource({ replay_id, id_scheme: 5, started_at });
    expect(toReadingId(old, { loop: 3, row: 4 })).toBe(v5('3/4', replay_id));
    expect(toReadingId(source, { loop: 262_144, row: 4 })).toBe(v5('262144/4', replay_id));
    expect(toReadingId(source, { loop: 0, row: 2 ** 32 })).toBe(v5(`0/${2 ** 32}`, replay_id));
  });
});
