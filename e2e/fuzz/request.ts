import fc from 'fast-check';
import { type Body, bodies, linesBody } from './bodies.ts';
import { type Choices, choose, combine, long, type Part, type Verdict, words } from './choices.ts';
import { codings, framings, inferenceTypes, jsonTypes, ndjsonTypes } from './envelope.ts';
import { chooseHeaders, type Header, ownHost } from './headers.ts';
import type { Reading } from './readings.ts';
import { pathParameters, type Route, routes } from './routes.ts';

/**
 * How a request is sent and when the client goes. `whole`: at once; `sliced`: in several writes; `half-closed`: nothing
 * more comes after it; `left`: the client goes without the answer; `cut`: in the middle of the request.
 */
export type Delivery = 'whole' | 'sliced' | 'half-closed' | 'left' | 'cut';

export interface FuzzRequest {
  index: number;
  bytes: Buffer;
  delivery: Delivery;
  method: string;
  path: string;
  /** How many answers it must get: several if it is several requests at once, none if it is garbage. */
  answers: number;
  /** Undefined for garbage and for several requests at once. */
  route: Route | undefined;
  verdict: Verdict;
  readings: readonly Reading[];
  isNdjson: boolean;
}

type Drawn = Omit<FuzzRequest, 'index'>;

const unknownPaths = [
  `/${'a/'.repeat(2000)}`,
  ...words`/ // /admin /predict/x /readings/a/b/c /v2/x /.env /..%2f..%2fetc/passwd /%00 /__proto__ /constructor
    /metrics/x /index.html /predict%2F /stats;a=b /models//activate /* /🔥`,
];
/** Added to a query whose route names every parameter that it takes. */
const unknownParameters = [
  `${long(1000)}=1`,
  ...words`a[b]=c limit[]=5 __proto__=1 __proto__[x]=1 constructor=1 toString=1 hasOwnProperty=1 %00=1 %FF=1 Limit=5 =1
    sensor_id%00=a a%C2%9B2J=1`,
];

/** Another spelling replaces `$&`, the path. */
const spellings = choose({
  valid: ['$&'],
  odd: ['$&/', '/$&', '$&//', '.$&', '$&%20', '$&;x'],
  invalid: unknownPaths,
});

function choosePath({ path }: Route): fc.Arbitrary<Part> {
  const segments = path.split(/(:[a-z]+)/).map((text) => choose(pathParameters[text] ?? { valid: [text] }));
  return fc.tuple(spellings, ...segments).map(([spelling, ...parts]) => ({
    value: spelling.value.replace('$&', () => parts.map(({ value }) => value).join('')),
    verdict: combine([spelling.verdict, ...parts.map(({ verdict }) => verdict)]),
  }));
}

/** The pairs of one parameter: none, one, or rarely several. */
function chooseParameter(name: string, route: Route): fc.Arbitrary<Part<string[]>> {
  const { isRepeatable, ...choices } = route.parameters[name] ?? {};
  const isRequired = route.required?.includes(name) ?? false;
  const counts = choose({
    valid: isRequired ? [1] : [0, 0, 1],
    [isRepeatable ? 'odd' : 'invalid']: [...(isRequired ? [0] : []), 2, 3, 30, 200], // there may be too many
  });
  return fc.tuple(choose(choices), counts).map(([{ value, verdict }, count]) => ({
    value: Array(count.value).fill(`${name}=${value}`),
    verdict: count.value === 0 ? count.verdict : combine([verdict, count.verdict]),
  }));
}

function chooseQuery(route: Route): fc.Arbitrary<Part<string[]>> {
  const unknown = unknownParameters.map((pair) => [pair]);
  const parameters = Object.keys(route.parameters).map((name) => chooseParameter(name, route));
  const others = choose({ valid: [[]], [route.isStrict ? 'invalid' : 'odd']: unknown });
  return fc.tuple(...parameters, others).map((parts) => ({
    value: parts.flatMap(({ value }) => value),
    verdict: combine(parts.map(({ verdict }) => verdict)),
  }));
}

function chooseMethod({ method }: Route): fc.Arbitrary<Part> {
  return choose({
    valid: [...Array(11).fill(method), method === 'GET' ? 'HEAD' : method],
    invalid: [
      ...words`PUT PATCH OPTIONS TRACE PROPFIND M-SEARCH QUERY PURGE LINK CONNECT FOO get GETX __proto__`,
      ...['', 'G ET', 'GET\0', long(100)],
    ],
  });
}

const versions = choose({
  valid: ['HTTP/1.1'],
  odd: words`HTTP/1.0 HTTP/0.9 HTTP/2.0`,
  invalid: ['', ...words`HTTP/9.9 HTTP/1.1x http/1.1 HTTP/11 XTTP/1.1`],
});

interface Wrapped {
  bytes: Buffer;
  headers: readonly Header[];
  verdict: Verdict;
  readings: readonly Reading[];
  isNdjson: boolean;
  /** Several readings cannot be explained. */
  isSeveral: boolean;
}

const noBody: Wrapped = {
  bytes: Buffer.alloc(0),
  headers: [],
  verdict: 'valid',
  readings: [],
  isNdjson: false,
  isSeveral: false,
};

/** A body with its type, compression and framing. */
function wrap(body: fc.Arbitrary<Body>, mediaTypes: Choices<string | undefined>): fc.Arbitrary<Wrapped> {
  const isNdjson = mediaTypes === ndjsonTypes;
  const types = choose(mediaTypes);
  // A stream may be answered before the API sees broken framing, and is then cut.
  const lengths = choose(isNdjson ? { valid: framings.valid ?? [] } : framings);
  return fc.tuple(body, types, choose(codings), lengths).map(([drawn, type, coding, framing]) => {
    const encoded = coding.value.encode(drawn.value);
    // Lines of a stream may be answered before the API sees that the rest is damaged.
    const isCut = isNdjson && coding.value.isCut === true;
    const verdicts = isCut ? (['odd'] as const) : [coding.verdict, framing.verdict];
    const given = [
      ['Content-Type', type.value],
      ['Content-Encoding', coding.value.header],
      ...framing.value.toHeaders(encoded.length),
    ] as const;
    return {
      bytes: framing.value.frame(encoded),
      headers: given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
      verdict: combine([drawn.verdict, type.verdict, ...verdicts]),
      readings: drawn.readings,
      isNdjson,
      isSeveral: isNdjson || drawn.value.toString('latin1', 0, 1) === '[',
    };
  });
}

function chooseBody({ body: kind }: Route): fc.Arbitrary<Wrapped> {
  if (kind === undefined) return fc.constant(noBody);
  const json = wrap(bodies[kind], kind === 'tensors' ? inferenceTypes : jsonTypes);
  return kind === 'reading' ? fc.oneof({ weight: 4, arbitrary: json }, wrap(linesBody, ndjsonTypes)) : json;
}

const maxHeadBytes = 15_800; // of 16 KiB, less what counts besides these

function chooseRequest(route: Route): fc.Arbitrary<Drawn> {
  const target = fc.tuple(chooseMethod(route), choosePath(route), chooseQuery(route), versions);
  const origins = choose({ valid: [''], odd: ['http://127.0.0.1'] });
  return fc
    .tuple(target, origins, chooseHeaders(route), chooseBody(route))
    .map(([parts, origin, head, body]) => {
      const [method, path, query, version] = parts;
      const { bytes, headers, readings, isNdjson, isSeveral, verdict } =
        method.value === 'POST' ? body : noBody;
      // Only HTTP/1.1 knows Host and Expect, and an absolute target names the host: no header is changed beside these.
      const isUsual = version.value === 'HTTP/1.1' && origin.value === '';
      const pairs = [...(isUsual ? head.headers : [ownHost]), ...headers];
      const uri = `${origin.value}${path.value}${query.value.length > 0 ? '?' : ''}${query.value.join('&')}`;
      const line = `${method.value} ${method.value === 'CONNECT' ? '127.0.0.1' : uri} ${version.value}`;
      const text = [line, ...pairs.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
      const isExplained = query.value.some((pair) => /^(explain|votes)=true$/.test(pair));
      return {
        bytes: Buffer.concat([Buffer.from(text, /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf8'), bytes]),
        delivery: 'whole',
        method: method.value,
        path: uri.replace(/^http:\/\/[^/?]*/, ''), // the path may begin with characters that belong to the host
        answers: 1,
        route,
        verdict: combine([
          ...[...parts, origin].map((part) => part.verdict),
          ...(isUsual ? head.verdicts : []),
          verdict,
          isExplained && isSeveral ? 'invalid' : 'valid',
          text.length > maxHeadBytes ? 'odd' : 'valid',
        ]),
        ...{ readings, isNdjson },
      };
    });
}

const garbageTexts = [
  ...[
    '\r\n',
    '\r\n\r\n\r\n',
    '\n',
    '\0',
    'GET',
    'GET /',
    'GET /livez\r\n',
    'GET /livez HTTP/1.1',
    'SSH-2.0-x\r\n',
  ],
  ...['GET /livez HTTP/1.1\r\n', 'GET /livez HTTP/1.1\r\nHost', 'HTTP/1.1 200 OK\r\n\r\n', '* * *\r\n\r\n'],
  ...['POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{', 'GET / HTTP/1.1\r\n\r\n'],
  ...['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n', '\x05\x01\x00'],
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', // TLS
  ...['GET  /livez  HTTP/1.1\r\n\r\n', 'GET\t/livez\tHTTP/1.1\r\n\r\n'],
].map((text) => Buffer.from(text, 'latin1'));
const randomBytes = fc.uint8Array({ maxLength: 5000, size: 'max' }).map((bytes) => Buffer.from(bytes));
const unknown = {
  method: '',
  path: '',
  route: undefined,
  verdict: 'odd',
  readings: [],
  isNdjson: false,
} as const;

/** Bytes that are not a whole HTTP request. */
const garbage = fc
  .oneof(fc.constantFrom(...garbageTexts), randomBytes)
  .map((bytes): Drawn => ({ ...unknown, bytes, delivery: 'half-closed', answers: 0 }));

/** Several requests on one connection, each sent before the answer to the one before. */
const pipelined = fc
  .array(fc.constantFrom(...words`/livez /readyz /alerts /none /readings?limit=x /readings?limit=1 /v2`), {
    minLength: 2,
    maxLength: 20,
  })
  .map((paths): Drawn => {
    const texts = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    return { ...unknown, bytes: Buffer.from(texts.join('')), delivery: 'whole', answers: paths.length };
  });

const deliveries = fc.constantFrom<Delivery>(
  ...Array(16).fill('whole'),
  ...(['sliced', 'sliced', 'half-closed', 'left', 'cut'] as const),
);
const ofRoutes = fc.oneof(
  ...routes.map((route) => ({ weight: route.weight, arbitrary: chooseRequest(route) })),
);
const anyRequest = fc.oneof(
  {
    weight: 95,
    arbitrary: fc.tuple(ofRoutes, deliveries).map(([request, delivery]) => ({ ...request, delivery })),
  },
  { weight: 3, arbitrary: garbage },
  { weight: 2, arbitrary: pipelined },
);

/** The request of this number; the same for the same seed, whichever were drawn before. */
export function drawRequest(seed: number, index: number): FuzzRequest {
  const parameters = { seed: Math.trunc(Math.imul(seed + 1, 0x9e3779b1) + index), numRuns: 1 };
  const [request] = fc.sample(anyRequest, parameters);
  if (request === undefined) throw new Error('fast-check drew nothing');
  return { ...request, index };
}
