import type { Random } from '../testing/random.ts';
import { pick, words } from './choices.ts';
import { type Change, type Draft, isRefused } from './draft.ts';
import { drawReading, idOf, type ReadingKind } from './readings.ts';
import type { BodyKind } from './routes.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const count = (random: Random) => random.pick([0, 1, 2, 10, 1000]);
const sender = (random: Random) => random.pick(['a', 'b', 'fuzz:1']);

/** Valid bodies of the routes that take no readings. */
const makers: Readonly<Record<Exclude<BodyKind, 'reading'>, (random: Random) => Json>> = {
  feedback: (random) =>
    Array.from({ length: random.pick([1, 1, 2, 5]) }, () => ({
      id: idOf('valid', random.between(0, 2000), 0),
      label: random.pick([0, 1]),
      ...(random.isBelow(0.5) && { source: random.pick(['label', 'person', 'verdict']) }),
    })),
  lease: (random) => ({
    sender: sender(random),
    file: { name: 'readings.csv', fingerprint: random.pick([null, 'ab'.repeat(32)]) },
    loops: random.pick([0, 1, 1_000_000_000]),
    rows: random.pick([1, 10, 10_000]),
  }),
  ack: (random) => ({
    sender: sender(random),
    lease_id: idOf('valid', 1, 1),
    done_rows: count(random),
    outcomes: {
      stored: count(random),
      rejected: 0,
      bad: 0,
      dropped: 0,
      [random.pick(['duplicates', 'replayed'])]: 0,
    },
    ...(random.isBelow(0.3) && { is_released: true }),
    ...(random.isBelow(0.3) && { total_rows: count(random) }),
    ...(random.isBelow(0.3) && {
      load: { offered_per_second: 1.5, accepted_per_second: 1e308, shed: 0, p50_ms: null, p99_ms: 3 },
    }),
  }),
  tensors: (random) => ({
    ...(random.isBelow(0.5) && { id: 'x' }),
    inputs: random.isBelow(0.5)
      ? [{ name: 'input', shape: [2, 3], datatype: 'FP64', data: [24, 51, 60, 19.5, 41, 99] }]
      : ['temperature', 'humidity', 'sound_volume'].map((name) => ({
          ...{ name, shape: [1], datatype: random.pick(['FP64', 'FP32']), data: [24] },
        })),
    ...(random.isBelow(0.5) && { outputs: [{ name: random.pick(['prediction', 'score']) }] }),
  }),
};

/** JSON texts that any value is replaced by. */
const replacements = [
  ...words`null true -1 0.5 1e308 1e999 9007199254740993 "" "x" "\u0000" "\ud800" [] {} [[[[]]]]
    {"__proto__":{"a":1}} {"constructor":{"prototype":{"a":1}}}`,
  ...[`"${'x'.repeat(70_000)}"`, '['.repeat(2000) + ']'.repeat(2000), `[${'1,'.repeat(20_000)}1]`],
];

/** Replaces one value of a JSON text, or adds or removes a field. The text has no strings with brackets or commas. */
function changeValue(text: string, random: Random): string {
  const places = [...text.matchAll(/(?<=[:[,])("[^"]*"|[\w.+-]+|\{\}|\[\])(?=[,\]}])/g)];
  const fields = [...text.matchAll(/"\w+":(?:"[^"]*"|[\w.+-]+),/g)].map(([field]) => field);
  const chance = random.fraction();
  if (chance < 0.05) return pick(random, replacements);
  if (chance < 0.2 && fields.length > 0) return text.replace(pick(random, fields), '');
  const place = pick(random, places);
  if (place === undefined || chance < 0.4) {
    const name = pick(random, ['__proto__', 'constructor', 'extra', 'toString', '', 'x'.repeat(1000)]);
    return text.replace('{', `{${JSON.stringify(name)}:${pick(random, replacements)},`);
  }
  const [{ length }, at] = [place[0], place.index];
  return `${text.slice(0, at)}${pick(random, replacements)}${text.slice(at + length)}`;
}

const notJson = [
  ...['', ' ', '"\u0001"', '\0', '//x\n1', 'true false', '{"a":'.repeat(5000), '['.repeat(100_000)],
  ...words`{ [ } {"temperature":NaN} {'temperature':24} {"temperature":24,} [1,] undefined Infinity 0x10 01
    {"a":1}{"b":2} <xml/> temperature=24&humidity=51 - "\x" "\u12" [[[[[[`,
];
const notUtf8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80]];

/** Puts bytes that are not UTF-8 into the first string. */
function breakUtf8(text: string, random: Random): Buffer {
  const at = text.indexOf('"') + 1;
  const inserted = Buffer.from(pick(random, notUtf8));
  return Buffer.concat([Buffer.from(text.slice(0, at)), inserted, Buffer.from(text.slice(at))]);
}

type BodyMutation = Change & { apply: (text: string, random: Random) => Buffer | string };

/** Changes to a whole JSON body. */
const bodyMutations: readonly BodyMutation[] = [
  { name: 'a body that is not UTF-8', expected: [400], apply: breakUtf8 },
  {
    name: 'truncated JSON',
    expected: [400],
    apply: (text, random) => text.slice(0, random.between(0, text.length - 1)),
  },
  { name: 'a control character', expected: [400], apply: (text) => text.replace('"', '"\u0001') },
  { name: 'NaN', expected: [400], apply: (text) => text.replace(':', ':NaN,"x":') },
  { name: 'text after the JSON', expected: [400], apply: (text) => `${text}x` },
  { name: 'UTF-16', expected: [400], apply: (text) => Buffer.from(text, 'utf16le') },
  { name: 'a body that is not JSON', expected: [400], apply: (_, random) => pick(random, notJson) },
  {
    name: 'a body above the limit',
    expected: [413],
    apply: (text) => `${text.slice(0, -1)}${' '.repeat(1_100_000)}${text.slice(-1)}`,
  },
  { name: 'a byte order mark', expected: 'either', apply: (text) => `\ufeff${text}` },
];

/** Mutates the JSON as a whole; `toText` gets whether it must then be refused. */
function mutateText(draft: Draft, toText: (isRefused: boolean) => string, random: Random): Buffer {
  const { name, expected, apply } = pick(random, bodyMutations);
  draft.changes.push({ name, expected });
  return Buffer.from(apply(toText(expected !== 'either'), random));
}

/** For every route but `POST /predict`. */
export function drawJsonBody(draft: Draft, kind: Exclude<BodyKind, 'reading'>, random: Random): Buffer {
  const value = makers[kind](random);
  const isAlone = Array.isArray(value) && value.length === 1;
  const text = JSON.stringify(isAlone ? value[0] : value);
  const chance = random.fraction();
  if (chance < 0.4) return Buffer.from(text);
  if (chance >= 0.8) return mutateText(draft, () => text, random);
  draft.changes.push({ name: 'a body changed at one place', expected: 'either' });
  return Buffer.from(changeValue(text, random));
}

const drawKind = (random: Random): ReadingKind =>
  random.pick(['valid', 'valid', 'valid', 'valid', 'valid', 'invalid', 'invalid', 'unclear']);

function drawSingle(draft: Draft, random: Random): Buffer {
  const place = { index: draft.index, row: 0 };
  if (!isRefused(draft) && random.isBelow(0.12)) {
    const toText = (refused: boolean) => drawReading(refused ? 'refused' : 'unclear', place, random).text;
    return mutateText(draft, toText, random);
  }
  const { text, kind, fault } = drawReading(isRefused(draft) ? 'refused' : drawKind(random), place, random);
  if (kind === 'invalid') draft.changes.push({ name: fault ?? '', expected: [400] });
  if (kind === 'unclear') draft.changes.push({ name: 'a field given twice', expected: 'either' });
  return Buffer.from(text);
}

function drawArray(draft: Draft, random: Random): Buffer {
  const length = random.pick([0, 1, 2, 3, 5, 8, 20, 60, 1001]);
  if (length === 0) draft.changes.push({ name: 'an empty array', expected: [400] });
  if (length > 1000) draft.changes.push({ name: 'an array of too many readings', expected: [413] });
  const isInvalid = random.isBelow(0.15);
  const choose = () => (isRefused(draft) ? 'refused' : isInvalid ? 'invalid' : drawKind(random));
  const kinds = Array.from({ length }, choose);
  const readings = kinds.map((kind, row) => drawReading(kind, { index: draft.index, row }, random).text);
  if (length > 0 && kinds.every((kind) => kind === 'invalid'))
    draft.changes.push({ name: 'an array without a valid reading', expected: [400] });
  else if (kinds.includes('unclear') && !kinds.includes('valid'))
    draft.changes.push({ name: 'only unclear readings', expected: 'either' });
  const text = `[${readings.join(',')}]`;
  if (text.length > 1_000_000) draft.changes.push({ name: 'a body close to the limit', expected: 'either' });
  return Buffer.from(text);
}

/** Lines that a stream passes over, or answers with errors. */
const noise: readonly ((refused: string, random: Random) => Buffer | string)[] = [
  () => '\n \n\t\n\r',
  (refused) => refused.slice(0, -1),
  (_, random) => `"${'x'.repeat(random.pick([16_000, 20_000, 200_000]))}"`,
  breakUtf8,
  (_, random) => pick(random, notJson).slice(0, 1000).replaceAll('\n', ' '),
];

/** A stream is answered 200, whatever its lines are. */
function drawLines(draft: Draft, isCutLater: boolean, random: Random): Buffer {
  const length = random.pick([0, 1, 2, 5, 20, 60]);
  if (length === 0) draft.changes.push({ name: 'a stream without lines', expected: 'either' });
  const choose = () => (isRefused(draft) ? 'refused' : isCutLater ? 'unclear' : drawKind(random));
  const newline = Buffer.from(random.pick(['\n', '\r\n']));
  const lines = Array.from({ length }, (_, row) => {
    const { text } = drawReading(choose(), { index: draft.index, row }, random);
    const refused = drawReading('refused', { index: draft.index, row: row + 1000 }, random).text;
    const before = random.isBelow(0.2) ? [pick(random, noise)(refused, random), text] : [text];
    return before.flatMap((line) => [Buffer.from(line), newline]);
  });
  return Buffer.concat(random.isBelow(0.3) ? lines.flat().slice(0, -1) : lines.flat());
}

interface ReadingBodyOptions {
  isNdjson: boolean;
  /** Whether the body may break off after it has begun, so that lines before that may be stored. */
  isCutLater: boolean;
}

/** For `POST /predict`. What must be refused as a whole has only readings that must not be stored. */
export function drawReadingBody(
  draft: Draft,
  { isNdjson, isCutLater }: ReadingBodyOptions,
  random: Random,
): Buffer {
  const isSingle = !isNdjson && random.isBelow(0.7);
  if (!isSingle && draft.query.some((pair) => /^(explain|votes)=true$/.test(pair)))
    draft.changes.push({ name: 'an explanation of several readings', expected: [400] });
  if (isNdjson) return drawLines(draft, isCutLater, random);
  return isSingle ? drawSingle(draft, random) : drawArray(draft, random);
}
