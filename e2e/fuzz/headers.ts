import type { Random } from '../testing/random.ts';
import { type Draft, type Mutation, mutate, pick, setHeader, words } from './draft.ts';

const long = 'x'.repeat(4000);
const objectNames = words`constructor __proto__ toString hasOwnProperty valueOf`;

type Row = Pick<Mutation, 'expected'> & { isEarly?: boolean };

/** One mutation for each value of a header. */
function header(name: string, values: readonly string[], row: Row): Mutation[] {
  return values.map((value) => ({
    ...row,
    name: `${name}: ${value.slice(0, 60)}`,
    apply: (draft) => setHeader(draft, name, value),
  }));
}

/** Headers that change nothing about whether a request is accepted. */
const harmless: readonly [name: string, values: readonly string[]][] = [
  ['If-None-Match', words`* "x" x ÿ`],
  ['If-Modified-Since', ['x', 'Thu, 01 Jan 1970 00:00:00 GMT', '2026-02-31']],
  ['Last-Event-ID', [long, ...words`1 -1 9e99 1!2-3!x 999999999999999 1!5-1 0 " __proto__ ÿ`]],
  ['Accept-Encoding', words`gzip *;q=0 identity;q=0 constructor gzip;q=9e99`],
  ['Accept-Language', words`xx ;;; q=`],
  ['X-Forwarded-For', [long, ...words`1.2.3.4 ,,, __proto__`]],
  ['X-Forwarded-Host', ['evil.example']],
  ['Forwarded', ['for=x;host=evil.example']],
  ['X-Request-Id', ['', long, ...words`x ÿ ../x {"a":1}`]],
  ['X-Http-Method-Override', ['DELETE', 'CONNECT']],
  ['Cookie', ['a=b; a=c', '__proto__=1', long]],
  ['Authorization', ['Basic x', 'Bearer null', '']],
  ['User-Agent', ['', '() { :; }; x', 'ÿ']],
  ['__proto__', ['x']],
  ['constructor', ['x']],
  ['Connection', words`close keep-alive x host`],
  ['Keep-Alive', ['timeout=-1', 'max=0']],
  ['TE', ['trailers', 'gzip;q=x']],
  ['Traceparent', ['x', '00-0-0-0']],
];

const ofReadings = ({ route }: Draft) => (route.path === '/readings' ? 'either' : 'accepted');
const exportHeaders = [
  ...header('Range', ['', ...words`bytes=0-10 bytes=9-1 bytes=- x=1 bytes=0-0,1-1,2-2`], {
    expected: ofReadings,
  }),
  ...header(
    'Accept',
    ['', 'a/b,'.repeat(500), ...objectNames, ...words`*/* */*;q=0 text/csv application/xml ;;;`],
    {
      expected: ofReadings, // an export takes other parameters
    },
  ),
];

const foreignHosts = [
  '',
  'local host',
  ...words`evil.example 127.0.0.1.evil.example localhost.evil.example 10.0.0.1
  0.0.0.0 localhost:5000@evil.example evil.example:80 xn--localhost [::2] [::1 ../ 127.0.0.1/x localhost,evil.example ÿ`,
];
const secondHosts = ['Host', 'host', 'HOST'].flatMap((name) =>
  ['127.0.0.1', 'evil.example', ''].map(
    (value): Mutation => ({
      name: 'two Host headers',
      expected: [400],
      isEarly: true,
      apply: (draft) => draft.headers.push([name, value]),
    }),
  ),
);
const noHost: Mutation = {
  name: 'no Host header',
  expected: [400],
  isEarly: true,
  apply(draft) {
    draft.headers = draft.headers.filter(([name]) => name !== 'Host');
  },
};

const changesNothing = ({ method }: Draft) => method === 'GET' || method === 'HEAD';
/** As a browser sends a request from a page of another site. An inference changes nothing. */
const foreignSites = [
  ...header('Sec-Fetch-Site', ['cross-site'], {
    isEarly: true,
    expected(draft) {
      if (changesNothing(draft)) return 'accepted';
      const { method, route, path } = draft;
      const isOwner = method === 'DELETE' || route.path.endsWith('/activate');
      return isOwner && !path.startsWith('/v2') ? [403] : 'either'; // a browser sends an Origin beside it
    },
  }),
  ...header(
    'Origin',
    [
      '',
      'null',
      'x',
      ...words`http://evil.example https://127.0.0.1:1 http://localhost.evil.example
    file:// http://evil.example:80/x http://[::1]:1`,
    ],
    {
      isEarly: true,
      expected(draft) {
        if (changesNothing(draft)) return 'accepted';
        return draft.path.startsWith('/v2') ? 'either' : [403];
      },
    },
  ),
];

const manyHeaders = [
  [100, 20],
  [300, 1],
  [400, 100],
  [3000, 10],
  [1, 14_000],
  [1, 17_000],
  [1, 60_000],
].map(
  ([count = 0, length = 0]): Mutation => ({
    name: 'many headers',
    expected: 'either',
    apply: ({ headers }) => {
      for (let at = 0; at < count; at++) headers.push([`X-${at}`, 'x'.repeat(length)]);
    },
  }),
);

const malformed = [
  ...[
    ['X Y', '1'],
    ['', '1'],
    ['X-Nul', 'a\0b'],
    ['X-Line', 'a\rb'],
    ['X-Tab\t', '1'],
    ['(x)', '1'],
    ['X-ÿ', '1'],
  ],
  ...[
    ['X-Feed', 'a\x0bb'],
    ['X-Delete', '\x7f'],
  ],
].map(
  ([name = '', value = '']): Mutation => ({
    name: `a malformed header ${JSON.stringify(name)}`,
    expected: [400],
    isEarly: true,
    apply: ({ headers }) => headers.push([name, value]),
  }),
);

const upgrades = words`websocket h2c x HTTP/2.0`.map(
  (protocol): Mutation => ({
    name: `an upgrade to ${protocol}`,
    expected: 'either',
    apply: ({ headers }) => headers.push(['Connection', 'Upgrade'], ['Upgrade', protocol]),
  }),
);

/** Of each group one row is drawn. */
const headerMutations: readonly (readonly Mutation[])[] = [
  ...Array.from({ length: 3 }, () =>
    harmless.flatMap(([name, values]) => header(name, values, { expected: 'accepted' })),
  ),
  exportHeaders,
  ...[foreignSites, foreignSites],
  [
    ...header('Expect', words`200-ok x constructor 417-x`, { expected: [417], isEarly: true }),
    ...header('Expect', [''], { expected: 'either', isEarly: true }),
    ...header('Expect', words`100-continue 100-Continue`, { expected: 'accepted' }),
  ],
  header('Host', foreignHosts, { expected: [421, 400], isEarly: true }),
  [...secondHosts, noHost],
  manyHeaders,
  malformed,
  upgrades,
];

/** Only HTTP/1.1 knows Host and Expect: no other header is changed beside these. */
const versionMutations: readonly Mutation[] = [
  '',
  ...words`HTTP/1.0 HTTP/0.9 HTTP/2.0 HTTP/9.9 HTTP/1.1x http/1.1 HTTP/11
  XTTP/1.1`,
].map((version) => ({
  name: `the version ${version}`,
  expected: /^HTTP\/[012]\.[09]$/.test(version) ? 'either' : [400, 505],
  isEarly: true,
  apply(draft) {
    draft.version = version;
  },
}));

const maxHeadBytes = 16_384;
/** Room for the headers of the body, which are drawn later. */
const spareBytes = 500;

function limitHead(draft: Draft): void {
  const sizes = draft.headers.map(([name, value]) => name.length + value.length + 4);
  const bytes = sizes.reduce((sum, size) => sum + size, draft.path.length + draft.query.join('&').length);
  if (bytes <= maxHeadBytes - spareBytes) return;
  draft.isRefusedEarly = true;
  draft.changes.push({ name: 'a long head', expected: bytes > maxHeadBytes ? [431, 414] : 'either' });
}

/** Changes none to three headers, or the version. */
export function drawHeaders(draft: Draft, random: Random): void {
  const host = random.isBelow(0.1)
    ? random.pick(['localhost', 'LOCALHOST:1', '[::1]', '127.0.0.1'])
    : undefined;
  if (host !== undefined) setHeader(draft, 'Host', host);
  if (random.isBelow(0.1)) setHeader(draft, 'Origin', `http://${draft.headers[0]?.[1]}`);
  if (random.isBelow(0.1)) setHeader(draft, 'Sec-Fetch-Site', random.pick(['same-origin', 'none']));
  const groups = random.shuffle(headerMutations).slice(0, random.pick([0, 0, 0, 1, 1, 2, 3]));
  if (random.isBelow(0.04)) mutate(draft, pick(random, versionMutations), random);
  else for (const group of groups) mutate(draft, pick(random, group), random);
  limitHead(draft);
}
