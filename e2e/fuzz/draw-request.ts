import { createRandom, type Random } from '../testing/random.ts';
import { drawReadingBody } from './bodies.ts';
import { drawContentType } from './content-type.ts';
import { createDraft, type Draft, type Fault } from './draft.ts';
import { drawEncoding, frameBody, isFramingBroken } from './encode-body.ts';
import { drawHeaders } from './headers.ts';
import { drawJsonBody } from './json-bodies.ts';
import { drawGarbage } from './raw-requests.ts';
import { type Route, routes } from './routes.ts';
import { drawTarget } from './target.ts';

/**
 * How a request is sent and when the client goes. `whole`: at once; `sliced`: in several writes; `half-closed`: nothing
 * more comes after it; `left`: the client goes without the answer; `cut`: in the middle of the request.
 */
export type Delivery = 'whole' | 'sliced' | 'half-closed' | 'left' | 'cut';

export interface FuzzRequest {
  index: number;
  bytes: Buffer;
  delivery: Delivery;
  /** The method of each request in the bytes, in their order; none where they are garbage. */
  methods: readonly string[];
  /** Undefined for garbage and for several requests at once. */
  draft: Draft | undefined;
  /** Empty where the request must be accepted, if it has no oddities either. */
  faults: readonly Fault[];
}

const totalWeight = routes.reduce((sum, { weight }) => sum + weight, 0);

function pickRoute(random: Random): Route {
  let left = random.fraction() * totalWeight;
  const picked = routes.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return picked ?? routes[0];
}

const knownMethods = [
  'PUT',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'M-SEARCH',
  'QUERY',
  'PURGE',
  'LINK',
] as const;
const unknownMethods = ['FOO', 'get', 'G ET', 'GET\0', '__proto__', 'X'.repeat(100), 'GETX', ''] as const;

function drawMethod(draft: Draft, random: Random): void {
  const chance = random.fraction();
  if (draft.method === 'GET' && chance > 0.92) draft.method = 'HEAD';
  if (chance < 0.02) {
    draft.method = random.pick(knownMethods);
    draft.faults.push({ name: draft.method, statuses: [405, 404] });
  } else if (chance < 0.025) {
    draft.method = 'CONNECT';
    draft.isRefusedEarly = true;
    draft.faults.push({ name: 'CONNECT', statuses: [405] });
  } else if (chance < 0.032) {
    draft.method = random.pick(unknownMethods);
    draft.isRefusedEarly = true;
    draft.faults.push({ name: `the method ${draft.method}`, statuses: [400, 405, 501] });
  }
}

function toTarget({ method, path, query, headers }: Draft, random: Random): string {
  const host = headers.find(([name]) => name === 'Host')?.[1] ?? '';
  if (method === 'CONNECT') return random.pick([host, 'evil.example:443', path]);
  const target = query.length > 0 ? `${path}?${query.join('&')}` : path;
  return random.isBelow(0.02) && /^[\w.:[\]]+$/.test(host) ? `http://${host}${target}` : target;
}

function toBytes(draft: Draft, random: Random): Buffer {
  const line = `${draft.method} ${toTarget(draft, random)} ${draft.httpVersion}`;
  const head = [line, ...draft.headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  const isPlain = /^[\0-\xff]*$/.test(head);
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, isPlain ? 'latin1' : 'utf8'), draft.body]);
}

function drawBody(draft: Draft, index: number, random: Random): void {
  const { body } = draft.route;
  if (body === undefined || draft.method !== 'POST') return;
  const { isNdjson } = drawContentType(draft, random);
  const isBroken = !isNdjson && isFramingBroken(random); // lines may be answered before that is seen
  // Broken framing is a fault that the readings must know of, and that is named when the body is framed.
  if (isBroken) draft.faults.push({ name: 'broken framing' });
  const hasFaults = draft.faults.length > 0;
  const { isCutLater, encode } = drawEncoding(draft, isNdjson, random);
  const options = { index, isNdjson, isCutLater: isCutLater && !hasFaults };
  if (body === 'reading') {
    const content = drawReadingBody(draft, options, random);
    draft.validIds = content.readings.flatMap(({ id, verdict }) => (verdict === 'valid' ? [id] : []));
    frameBody(draft, encode(content.bytes), { random, isBroken });
  } else frameBody(draft, encode(drawJsonBody(draft, body, random)), { random, isBroken });
  if (isBroken) draft.faults = draft.faults.filter(({ name }) => name !== 'broken framing');
}

function drawOne(
  random: Random,
  { index, host }: { index: number; host: string },
): { bytes: Buffer; draft: Draft } {
  const draft = createDraft(pickRoute(random), host);
  drawTarget(draft, random);
  drawMethod(draft, random);
  drawHeaders(draft, random);
  drawBody(draft, index, random);
  return { bytes: toBytes(draft, random), draft };
}

function drawDelivery(random: Random): Delivery {
  const chance = random.fraction();
  if (chance < 0.8) return 'whole';
  if (chance < 0.88) return 'sliced';
  if (chance < 0.92) return 'half-closed';
  return chance < 0.96 ? 'left' : 'cut';
}

const pipelinedPaths = [
  '/livez',
  '/readyz',
  '/alerts',
  '/none',
  '/readings?limit=x',
  '/readings?limit=1',
  '/v2',
] as const;

/** Several requests on one connection, each sent before the answer to the one before. */
function drawPipelined(random: Random, { index, host }: { index: number; host: string }): FuzzRequest {
  const methods = Array.from({ length: random.between(2, 20) }, () => random.pick(['GET', 'GET', 'HEAD']));
  const text = methods
    .map((method) => `${method} ${random.pick(pipelinedPaths)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    .join('');
  return {
    index,
    bytes: Buffer.from(text),
    delivery: random.pick(['whole', 'sliced']),
    methods,
    draft: undefined,
    faults: [],
  };
}

/** The request of this number; the same for the same seed, whichever were drawn before. */
export function drawRequest(seed: number, place: { index: number; host: string }): FuzzRequest {
  const { index } = place;
  const random = createRandom(Math.imul(seed + 1, 0x9e3779b1) + index);
  const chance = random.fraction();
  if (chance < 0.03)
    return {
      index,
      bytes: drawGarbage(random),
      delivery: 'half-closed',
      methods: [],
      draft: undefined,
      faults: [],
    };
  if (chance < 0.05) return drawPipelined(random, place);
  const { bytes, draft } = drawOne(random, place);
  return {
    index,
    bytes,
    draft,
    delivery: drawDelivery(random),
    methods: [draft.method],
    faults: draft.faults,
  };
}
