import type { Random } from '../testing/random.ts';
import type { Draft } from './draft.ts';
import { idOf } from './readings.ts';
import type { BodyKind } from './routes.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const count = (random: Random) => random.pick([0, 1, 2, 10, 1000]);

const makers: Readonly<Record<Exclude<BodyKind, 'reading'>, (random: Random) => Json>> = {
  truth: (random) => {
    const rows = Array.from({ length: random.pick([1, 1, 2, 5]) }, () => ({
      id: idOf('valid', random.between(0, 2000), 0),
      label: random.pick([0, 1]),
      ...(random.isBelow(0.5) && { source: random.pick(['label', 'verdict']) }),
    }));
    return rows.length === 1 && rows[0] ? rows[0] : rows;
  },
  lease: (random) => ({
    sender: random.pick(['a', 'b', 'fuzz:1']),
    file: { name: 'readings.csv', fingerprint: random.pick([null, 'ab'.repeat(32)]) },
    loops: random.pick([0, 1, 1_000_000_000]),
    rows: random.pick([1, 10, 10_000]),
  }),
  ack: (random) => ({
    sender: random.pick(['a', 'b', 'fuzz:1']),
    lease_id: idOf('valid', 1, 1),
    done_rows: count(random),
    outcomes: { stored: count(random), rejected: 0, bad: 0, dropped: 0, replayed: 0 },
    ...(random.isBelow(0.3) && { is_released: true }),
    ...(random.isBelow(0.3) && { total_rows: count(random) }),
    ...(random.isBelow(0.3) && {
      load: { offered_per_second: 1.5, accepted_per_second: 1e308, shed: 0, p50_ms: null, p99_ms: 3 },
    }),
  }),
  tensors: (random) => ({
    ...(random.isBelow(0.5) && { id: 'x' }),
    inputs: random.isBelow(0.5)
      ? [
          {
            name: 'input',
            shape: [2, 3],
            datatype: random.pick(['FP64', 'FP32']),
            data: [
              [24, 51, 60],
              [19.5, 41, 99],
            ],
          },
        ]
      : ['temperature', 'humidity', 'sound_volume'].map((name) => ({
          name,
          shape: [1],
          datatype: 'FP64',
          data: [24],
        })),
    ...(random.isBelow(0.5) && { outputs: [{ name: random.pick(['prediction', 'score']) }] }),
  }),
};

const strangers: readonly [string, ...string[]] = [
  'null',
  'true',
  '-1',
  '0.5',
  '1e308',
  '-1e308',
  '1e999',
  '9007199254740993',
  '""',
  '"x"',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"a":1}}}',
  `"${'x'.repeat(70_000)}"`,
  '['.repeat(2000) + ']'.repeat(2000),
  `[${'1,'.repeat(20_000)}1]`,
];

/** Every place in a JSON value, as the keys that lead there. */
function listPlaces(value: Json, keys: readonly string[] = []): [string[], ...string[][]] {
  const inner = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [[...keys], ...inner.flatMap(([key, child]) => listPlaces(child, [...keys, key]))];
}

/** Writes JSON with another text at one place; without a text the place is left out. */
function write(value: Json, place: readonly string[], text: string | undefined): string {
  const [key, ...rest] = place;
  if (key === undefined) return text ?? '';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).flatMap(([name, child]) => {
    const written = name === key ? write(child, rest, text) : JSON.stringify(child);
    if (written === '') return [];
    return [Array.isArray(value) ? written : `${JSON.stringify(name)}:${written}`];
  });
  return Array.isArray(value) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

function mutate(value: Json, random: Random): string {
  const places = listPlaces(value);
  const place = random.pick(places);
  const chance = random.fraction();
  if (chance < 0.2) return write(value, place, undefined);
  if (chance < 0.75) return write(value, place, random.pick(strangers));
  const key = random.pick(['__proto__', 'constructor', 'extra', 'toString', '', 'x'.repeat(1000)]);
  const whole = JSON.stringify(value);
  const end = whole.lastIndexOf('}');
  return `${whole.slice(0, end)},${JSON.stringify(key)}:1${whole.slice(end)}`;
}

/** A body for any other route: as it should be, or changed at one place, or no JSON at all. */
export function drawJsonBody(draft: Draft, kind: Exclude<BodyKind, 'reading'>, random: Random): Buffer {
  const value = makers[kind](random);
  const chance = random.fraction();
  if (chance < 0.4) return Buffer.from(JSON.stringify(value));
  if (chance < 0.8) {
    draft.oddities.push('a body changed at one place');
    return Buffer.from(mutate(value, random));
  }
  const text = JSON.stringify(value);
  if (chance < 0.88) {
    draft.faults.push({ name: 'a body that is no UTF-8', statuses: [400] });
    return Buffer.concat([
      Buffer.from(text.slice(0, 2)),
      Buffer.from([0xff, 0xed, 0xa0, 0x80]),
      Buffer.from(text.slice(2)),
    ]);
  }
  if (chance < 0.96) {
    draft.faults.push({ name: 'truncated JSON', statuses: [400] });
    return Buffer.from(text.slice(0, random.between(0, text.length - 1)));
  }
  draft.faults.push({ name: 'a body above the limit', statuses: [413] });
  return Buffer.from(`${text.slice(0, -1)}${' '.repeat(1_100_000)}${text.slice(-1)}`);
}
