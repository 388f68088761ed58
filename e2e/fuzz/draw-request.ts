import { createRandom, type Random } from '../testing/random.ts';
import { drawJsonBody, drawReadingBody } from './bodies.ts';
import { pick, words } from './choices.ts';
import { type Draft, type Mutation, mutate } from './draft.ts';
import { drawEnvelope } from './envelope.ts';
import { drawHeaders } from './headers.ts';
import { drawGarbage, drawPipelined } from './raw-requests.ts';
import { type Parameter, pathParameters, type Route, routes } from './routes.ts';

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
  draft?: Draft;
}

const byWeight = routes.flatMap((route) => Array.from({ length: route.weight }, () => route));

const unknownPaths = [
  `/${'a/'.repeat(2000)}`,
  ...words`/ // /admin /predict/x /readings/a/b/c /v2/x /.env /..%2f..%2fetc/passwd /%00 /__proto__ /constructor
    /metrics/x /index.html /predict%2F /stats;a=b /models//activate /* /🔥`,
];
const brokenEscapes = words`% %zz %E0%A4%A %FF %C0%80 %ED%A0%80`;
/** Added to a query whose route names every parameter that it takes. */
const unknownParameters = [
  `${'k'.repeat(1000)}=1`,
  ...words`a[b]=c limit[]=5 __proto__=1 __proto__[x]=1 constructor=1 toString=1 hasOwnProperty=1 %00=1 %FF=1 Limit=5 =1
    sensor_id%00=a`,
];

function drawPathValue(draft: Draft, name: string, random: Random): string {
  const { valid, faulty, odd } = pathParameters[name] as Parameter; // routes name no others
  const [chance, { changes }] = [random.fraction(), draft];
  if (chance < 0.05) {
    changes.push({ name: 'broken percent encoding in the path', expected: [400, 404] });
    return pick(random, brokenEscapes);
  }
  if (chance < 0.15 && faulty.length > 0) {
    changes.push({ name: `an invalid ${name.slice(1)} in the path`, expected: [400, 404] });
    return pick(random, faulty);
  }
  if (valid.length > 0 && (chance >= 0.15 || odd.length === 0)) return pick(random, valid);
  changes.push({ name: `an odd ${name.slice(1)} in the path`, expected: 'either' });
  return pick(random, odd);
}

function drawPath(draft: Draft, random: Random): string {
  if (random.isBelow(0.02)) {
    draft.changes.push({ name: 'an unknown path', expected: [404, 400] });
    return pick(random, unknownPaths);
  }
  const path = draft.route.path.replace(/:[a-z]+/g, (name) => drawPathValue(draft, name, random));
  if (!random.isBelow(0.03)) return path;
  draft.changes.push({ name: 'another spelling of the path', expected: 'either' });
  return pick(random, [
    `${path}/`,
    path.toUpperCase(),
    `/${path}`,
    `${path}//`,
    `.${path}`,
    `${path}%20`,
    `${path};x`,
  ]);
}

function drawParameter({ route, query, changes }: Draft, name: string, random: Random): void {
  const { valid, faulty, odd, isRepeatable } = route.parameters[name] as Parameter; // one of its own
  const chance = random.fraction();
  const add = (values: readonly string[]) => query.push(`${name}=${pick(random, values)}`);
  if (valid.length > 0 && chance < 0.8) {
    add(valid);
    if (!random.isBelow(0.05)) return;
    for (let more = random.pick([1, 2, 30, 200]); more > 0; more--) add(valid);
    changes.push({ name: `${name} repeated`, expected: isRepeatable ? 'either' : [400] }); // there may be too many
  } else if (odd.length > 0 && chance < (valid.length > 0 ? 0.9 : 0.5)) {
    add(odd);
    changes.push({ name: `an odd ${name}`, expected: 'either' });
  } else if (faulty.length > 0) {
    add(faulty);
    const shown = name === 'cursor' ? 'an impossible cursor' : query.at(-1)?.slice(0, 60);
    changes.push({ name: shown ?? '', expected: [400] });
  }
}

function drawTarget(draft: Draft, random: Random): void {
  const { parameters, required = [], isStrict } = draft.route;
  draft.path = drawPath(draft, random);
  const share = Math.min(0.5, 2 / Object.keys(parameters).length);
  for (const name of Object.keys(parameters)) {
    const isRequired = required.includes(name);
    if (random.isBelow(isRequired ? 0.95 : share)) drawParameter(draft, name, random);
    else if (isRequired) draft.changes.push({ name: `no ${name}`, expected: [400] });
  }
  if (!random.isBelow(0.04)) return;
  draft.query.push(pick(random, unknownParameters));
  const name = `the parameter ${draft.query.at(-1)?.slice(0, 60)}`;
  draft.changes.push({ name, expected: isStrict ? [400] : 'either' });
}

function method(name: string, expected: readonly number[], isEarly: boolean): Mutation {
  const apply = (draft: Draft) => {
    draft.method = name;
  };
  return { name: `the method ${name}`, expected, isEarly, apply };
}
const methodMutations: readonly (readonly Mutation[])[] = [
  ...Array.from({ length: 3 }, () =>
    words`PUT PATCH OPTIONS TRACE PROPFIND M-SEARCH QUERY PURGE LINK`.map((name) =>
      method(name, [405, 404], false),
    ),
  ),
  [method('CONNECT', [405], true)],
  ['', 'G ET', 'GET\0', 'X'.repeat(100), ...words`FOO get __proto__ GETX`].map((name) =>
    method(name, [400, 405, 501], true),
  ),
];

function drawMethod(draft: Draft, random: Random): void {
  const chance = random.fraction();
  if (draft.method === 'GET' && chance > 0.92) draft.method = 'HEAD';
  if (chance < 0.035) mutate(draft, pick(random, pick(random, methodMutations)), random);
}

function drawBody(draft: Draft, random: Random): void {
  const { body } = draft.route;
  if (body === undefined || draft.method !== 'POST') return;
  drawEnvelope(
    draft,
    (content) =>
      body === 'reading' ? drawReadingBody(draft, content, random) : drawJsonBody(draft, body, random),
    random,
  );
}

function toBytes({ method, path, query, headers, version, body }: Draft, random: Random): Buffer {
  const host = headers.find(([name]) => name === 'Host')?.[1] ?? '';
  const origin = query.length > 0 ? `${path}?${query.join('&')}` : path;
  const isAbsolute = random.isBelow(0.02) && /^[\w.:[\]]+$/.test(host);
  const connected = random.pick([host, 'evil.example:443', path]);
  const target = method === 'CONNECT' ? connected : isAbsolute ? `http://${host}${origin}` : origin;
  const head = [
    `${method} ${target} ${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  const isPlain = /^[\0-\xff]*$/.test(head);
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, isPlain ? 'latin1' : 'utf8'), body]);
}

function drawDraft(route: Route, { index, host }: { index: number; host: string }, random: Random): Draft {
  const draft: Draft = {
    ...{
      index,
      route,
      method: route.method,
      path: '/',
      query: [],
      version: 'HTTP/1.1',
      headers: [['Host', host]],
    },
    ...{ body: Buffer.alloc(0), changes: [], isRefusedEarly: false },
  };
  drawTarget(draft, random);
  drawMethod(draft, random);
  drawHeaders(draft, random);
  drawBody(draft, random);
  return draft;
}

const deliveries = words`whole sliced sliced half-closed left cut` as Delivery[]; // each of them is one

/** The request of this number; the same for the same seed, whichever were drawn before. */
export function drawRequest(seed: number, place: { index: number; host: string }): FuzzRequest {
  const { index } = place;
  const random = createRandom(Math.imul(seed + 1, 0x9e3779b1) + index);
  const chance = random.fraction();
  if (chance < 0.03) return { index, bytes: drawGarbage(random), delivery: 'half-closed', methods: [] };
  const isWhole = random.isBelow(chance < 0.05 ? 0.5 : 0.76);
  if (chance < 0.05)
    return { index, ...drawPipelined(place.host, random), delivery: isWhole ? 'whole' : 'sliced' };
  const draft = drawDraft(pick(random, byWeight), place, random);
  const delivery = isWhole ? 'whole' : pick(random, deliveries);
  return { index, bytes: toBytes(draft, random), draft, delivery, methods: [draft.method] };
}
