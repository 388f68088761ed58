import type { Random } from '../testing/random.ts';
import type { Draft } from './draft.ts';
import { drawFaulty, drawUnclear, drawUnwanted, drawValid, type ReadingText } from './readings.ts';

/** A body before it is compressed and framed. */
export interface Content {
  bytes: Buffer;
  readings: readonly ReadingText[];
}

interface ContentOptions {
  index: number;
  isNdjson: boolean;
  /** Compression that may break off after some lines: they may be stored or not. */
  isCutLater: boolean;
}

type Maker = (options: { index: number; row: number }, random: Random) => ReadingText;

/** Readings that may be refused together, or one by one. */
function drawReadings(
  count: number,
  { index, maker, random }: { index: number; maker: Maker | undefined; random: Random },
): ReadingText[] {
  return Array.from({ length: count }, (_, row) => {
    const chance = random.fraction();
    const drawn = chance < 0.75 ? drawValid : chance < 0.95 ? drawFaulty : drawUnclear;
    return (maker ?? drawn)({ index, row }, random);
  });
}

const notUtf8: readonly [number[], ...number[][]] = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0x80],
];

/** Puts bytes that are no UTF-8 into the text of a sensor's name. */
function breakUtf8(text: string, random: Random): Buffer {
  const [before, after = ''] = text.split('"sensor_id":"');
  return Buffer.concat([
    Buffer.from(`${before}"sensor_id":"`),
    Buffer.from(random.pick(notUtf8)),
    Buffer.from(after),
  ]);
}

const notJson = [
  '',
  ' ',
  '{',
  '[',
  '}',
  '{"temperature":NaN}',
  "{'temperature':24}",
  '{"temperature":24,}',
  '[1,]',
  'undefined',
  'Infinity',
  '0x10',
  '01',
  '"\u0001"',
  '\0',
  '//x\n1',
  '{"a":1}{"b":2}',
  'true false',
  '<xml/>',
  'temperature=24&humidity=51',
  '-',
  '"\\x"',
  '"\\u12"',
  '[[[[[[',
  '{"a":'.repeat(5000),
  '['.repeat(100_000),
] as const;

/** A whole JSON body that is malformed, or a valid one that is damaged. */
function drawMalformed(draft: Draft, index: number, random: Random): Content {
  const { text } = drawUnwanted({ index, row: 0 }, random);
  const chance = random.fraction();
  const refuse = (name: string, bytes: Buffer | string): Content => {
    draft.faults.push({ name, statuses: [400] });
    return { bytes: Buffer.from(bytes), readings: [] };
  };
  if (chance < 0.3) return refuse('a body that is no UTF-8', breakUtf8(text, random));
  if (chance < 0.5) return refuse('truncated JSON', text.slice(0, random.between(1, text.length - 1)));
  if (chance < 0.6)
    return refuse('a control character in a string', text.replace('unwanted', 'unw\u0001nted'));
  if (chance < 0.7) return refuse('NaN', text.replace(/"humidity":[^,]+/, '"humidity":NaN'));
  if (chance < 0.75) return refuse('something after the JSON', `${text}x`);
  if (chance < 0.8) return refuse('UTF-16', Buffer.from(text, 'utf16le'));
  return refuse('a body that is no JSON', random.pick(notJson));
}

function manyKeys(text: string, bytes: number): string {
  const parts = [text.slice(0, -1)];
  for (let length = text.length, key = 0; length < bytes; key++) {
    const part = `,"k${key}":${key}`;
    parts.push(part);
    length += part.length;
  }
  return `${parts.join('')}}`;
}

function drawSingle(draft: Draft, options: ContentOptions, random: Random): Content {
  const place = { index: options.index, row: 0 };
  const chance = random.fraction();
  if (draft.faults.length > 0) {
    const reading = drawUnwanted(place, random);
    return { bytes: Buffer.from(reading.text), readings: [reading] };
  }
  if (chance < 0.45) {
    const reading = drawValid(place, random);
    return { bytes: Buffer.from(reading.text), readings: [reading] };
  }
  if (chance < 0.8) {
    const reading = drawFaulty(place, random);
    // An empty array is another fault than an array with faulty rows, and answered alike.
    draft.faults.push({ name: reading.fault, statuses: [400] });
    return { bytes: Buffer.from(reading.text), readings: [reading] };
  }
  if (chance < 0.84) {
    draft.faults.push({ name: 'very many unknown fields', statuses: [400] });
    return {
      bytes: Buffer.from(
        manyKeys(drawUnwanted(place, random).text, random.pick([10_000, 100_000, 1_000_000])),
      ),
      readings: [],
    };
  }
  if (chance < 0.86) {
    draft.faults.push({ name: 'a body above the limit', statuses: [413] });
    return { bytes: Buffer.from(manyKeys(drawUnwanted(place, random).text, 1_100_000)), readings: [] };
  }
  if (chance < 0.93) return drawMalformed(draft, options.index, random);
  const reading = drawUnclear(place, random);
  draft.oddities.push('fields given twice, or a byte order mark');
  const mark = random.isBelow(0.5) ? '\ufeff' : '';
  return { bytes: Buffer.from(`${mark}${reading.text}`), readings: [reading] };
}

function drawArray(draft: Draft, { index }: ContentOptions, random: Random): Content {
  const isRefused = draft.faults.length > 0;
  const count = random.pick([0, 1, 2, 3, 5, 8, 20, 60, 1001]);
  if (count === 0) draft.faults.push({ name: 'an empty array', statuses: [400] });
  if (count > 1000) draft.faults.push({ name: 'an array of too many readings', statuses: [413] });
  const areAllFaulty = random.isBelow(0.15);
  const maker = isRefused || count > 1000 ? drawUnwanted : areAllFaulty ? drawFaulty : undefined;
  const readings = drawReadings(count, { index, maker, random });
  if (!isRefused && count > 0 && count <= 1000) {
    if (readings.every(({ verdict }) => verdict === 'unwanted'))
      draft.faults.push({ name: 'an array without a valid reading', statuses: [400] });
    else if (!readings.some(({ verdict }) => verdict === 'valid'))
      draft.oddities.push('only unclear readings');
  }
  return { bytes: Buffer.from(`[${readings.map(({ text }) => text).join(',')}]`), readings };
}

/** Lines of readings among blank, broken and long ones; a stream is answered 200, whatever its lines are. */
function drawLines(draft: Draft, { index, isCutLater }: ContentOptions, random: Random): Content {
  const maker = draft.faults.length > 0 && !isCutLater ? drawUnwanted : isCutLater ? drawUnclear : undefined;
  const readings = drawReadings(random.pick([0, 1, 2, 5, 20, 60]), { index, maker, random });
  if (readings.length === 0) draft.oddities.push('a stream without lines');
  const lines = readings.flatMap(({ text }, row): (string | Buffer)[] => {
    const chance = random.fraction();
    if (chance < 0.8) return [text];
    if (chance < 0.84) return ['', ' ', text, '\t', '\r'];
    if (chance < 0.88) return [`${drawUnwanted({ index, row: row + 1000 }, random).text.slice(0, -1)}`, text];
    if (chance < 0.91) return [`"${'x'.repeat(random.pick([16_000, 20_000, 200_000]))}"`, text];
    if (chance < 0.94)
      return [breakUtf8(drawUnwanted({ index, row: row + 2000 }, random).text, random), text];
    return [random.pick(notJson).slice(0, 1000).replaceAll('\n', ' '), text];
  });
  const end = random.pick(['\n', '\r\n', '']);
  const newline = random.pick(['\n', '\r\n']);
  const parts = lines.flatMap((line, row) => [
    Buffer.from(line),
    Buffer.from(row === lines.length - 1 ? end : newline),
  ]);
  return { bytes: Buffer.concat(parts), readings };
}

/** A body for `POST /predict`. What must be refused as a whole has only unwanted readings. */
export function drawReadingBody(draft: Draft, options: ContentOptions, random: Random): Content {
  const isAsked = draft.query.some((pair) => /^(explain|votes)=true$/.test(pair));
  const isSingle = random.isBelow(0.7);
  if ((options.isNdjson || !isSingle) && isAsked)
    draft.faults.push({ name: 'an explanation of several readings', statuses: [400] });
  if (options.isNdjson) return drawLines(draft, options, random);
  return isSingle ? drawSingle(draft, options, random) : drawArray(draft, options, random);
}
