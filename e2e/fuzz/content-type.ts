import type { Random } from '../testing/random.ts';
import { type Draft, setHeader } from './draft.ts';

const objectNames = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'] as const;

const otherTypes = [
  ...objectNames,
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/json5',
  'application/jsonx',
  'application/vnd.api+json',
  'application/json, application/json',
  '*/*',
  'application/*',
  '/',
  ';',
  '',
  'application',
  'json',
  'application/x-ndjson-x',
  'application/json/x',
] as const;
const otherCharsets = [
  'latin1',
  'utf-16',
  'utf-7',
  'x',
  'constructor',
  '__proto__',
  'utf-8x',
  'iso-8859-1',
] as const;

/** Draws Content-Type; tells whether the body is to be NDJSON. */
export function drawContentType(draft: Draft, random: Random): { isNdjson: boolean } {
  const isNdjson = draft.route.body === 'reading' && random.isBelow(0.2);
  const type = isNdjson ? 'application/x-ndjson' : 'application/json';
  const chance = random.fraction();
  if (chance < 0.8) setHeader(draft, 'Content-Type', type);
  else if (chance < 0.9)
    setHeader(
      draft,
      'Content-Type',
      random.pick([
        type.toUpperCase(),
        `${type}; charset=utf-8`,
        `${type};charset=UTF-8`,
        `${type} ; charset="utf-8"`,
      ]),
    );
  else if (chance < 0.95) {
    setHeader(draft, 'Content-Type', random.pick(otherTypes));
    draft.faults.push({ name: `Content-Type: ${draft.headers.at(-1)?.[1]}`, statuses: [415] });
  } else if (chance < 0.98) {
    setHeader(draft, 'Content-Type', `${type}; charset=${random.pick(otherCharsets)}`);
    draft.faults.push({ name: draft.headers.at(-1)?.[1] ?? '', statuses: [415] });
  } else draft.faults.push({ name: 'no Content-Type', statuses: [415] });
  return { isNdjson };
}
