import type { Random } from '../testing/random.ts';
import { pick, words } from './choices.ts';
import { type Draft, type Mutation, mutate, setHeader } from './draft.ts';

const long = 'x'.repeat(4000);

/** A row for each header, `name:value`, which is added or replaces the one of its name. */
function rows(expected: Mutation['expected'], headers: readonly string[], isAdded = false): Mutation[] {
  return headers.map((header) => {
    const [, name = '', value = ''] = /^(.*?):(.*)$/s.exec(header) ?? [];
    return {
      name: header.slice(0, 60),
      expected,
      isEarly: expected !== 'accepted',
      apply: (draft) => (isAdded ? draft.headers.push([name, value]) : setHeader(draft, name, value)),
    };
  });
}

const harmless = rows('accepted', [
  ...words`If-None-Match:* If-None-Match:"x" If-None-Match:ÿ If-Modified-Since:x If-Modified-Since:2026-02-31
    Last-Event-ID:1 Last-Event-ID:-1 Last-Event-ID:9e99 Last-Event-ID:1!2-3!x Last-Event-ID:1!5-1 Last-Event-ID:" Last-Event-ID:ÿ
    Accept-Encoding:gzip Accept-Encoding:*;q=0 Accept-Encoding:constructor Accept-Encoding:gzip;q=9e99 Accept-Language:;;;
    X-Forwarded-For:1.2.3.4 X-Forwarded-For:,,, X-Forwarded-Host:evil.example Forwarded:for=x;host=evil.example
    X-Request-Id:x X-Request-Id:ÿ X-Request-Id:../x X-Request-Id:{"a":1} X-Request-Id: X-Http-Method-Override:DELETE
    Cookie:__proto__=1 Authorization: User-Agent: User-Agent:ÿ __proto__:x constructor:x Connection:close
    Connection:keep-alive Connection:x Connection:host Keep-Alive:timeout=-1 TE:trailers TE:gzip;q=x Traceparent:x`,
  ...['Last-Event-ID', 'X-Forwarded-For', 'X-Request-Id', 'Cookie'].map((name) => `${name}:${long}`),
]);

/** An export of readings is answered otherwise. */
const exportHeaders = rows(
  ({ route }) => (route.path === '/readings' ? 'either' : 'accepted'),
  [
    ...words`Range: Range:bytes=0-10 Range:bytes=9-1 Range:bytes=- Range:x=1 Range:bytes=0-0,1-1,2-2
      Accept: Accept:*/* Accept:*/*;q=0 Accept:text/csv Accept:application/xml Accept:;;; Accept:constructor
      Accept:__proto__ Accept:toString`,
    `Accept:${'a/b,'.repeat(500)}`,
  ],
);

const foreignHosts = words`evil.example 127.0.0.1.evil.example localhost.evil.example 10.0.0.1 0.0.0.0
  localhost:5000@evil.example evil.example:80 xn--localhost [::2] [::1 ../ 127.0.0.1/x localhost,evil.example ÿ`;
const secondHosts = words`Host:127.0.0.1 Host:evil.example Host: host:127.0.0.1 HOST:evil.example`;
const noHost: Mutation = {
  ...{ name: 'no Host', expected: [400], isEarly: true },
  apply(draft) {
    draft.headers = draft.headers.filter(([name]) => name !== 'Host');
  },
};

/** As a browser sends a request from a page of another site, to a route that changes something. */
function refuseForeign(isOrigin: boolean): Mutation['expected'] {
  return ({ method, path, route }) => {
    if (method === 'GET' || method === 'HEAD') return 'accepted';
    const isSiteChecked = isOrigin || method === 'DELETE' || route.path.endsWith('/activate');
    return isSiteChecked && !path.startsWith('/v2') ? [403] : 'either'; // an inference changes nothing
  };
}
const foreignOrigins = words`null x http://evil.example https://127.0.0.1:1 http://localhost.evil.example file://
  http://evil.example:80/x http://[::1]:1`;
const foreignSites = [
  ...rows(refuseForeign(false), ['Sec-Fetch-Site:cross-site', 'Sec-Fetch-Site:cross-site']),
  ...rows(
    refuseForeign(true),
    foreignOrigins.map((origin) => `Origin:${origin}`),
  ),
  ...rows('either', ['Origin:']),
];

const manyHeaders = words`100x20 300x1 400x100 3000x10 1x14000 1x17000 1x60000`.map((size): Mutation => {
  const [count = 0, length = 0] = size.split('x').map(Number);
  const names = Array.from({ length: count }, (_, at) => `X-${at}`);
  const apply = ({ headers }: Draft) =>
    headers.push(...names.map((name): [string, string] => [name, 'x'.repeat(length)]));
  return { name: `headers of ${size} bytes`, expected: 'either', apply };
});

const malformed = [
  'X Y:1',
  ':1',
  'X-Nul:a\0b',
  'X-Line:a\rb',
  'X-Tab\t:1',
  '(x):1',
  'X-ÿ:1',
  'X-Feed:a\x0bb',
];

/** Of each group one row is drawn. */
const headerMutations: readonly (readonly Mutation[])[] = [
  ...[harmless, harmless, harmless, exportHeaders, foreignSites, foreignSites, manyHeaders],
  [
    ...rows([417], words`Expect:200-ok Expect:x Expect:constructor Expect:417-x`),
    ...[...rows('either', ['Expect:']), ...rows('accepted', words`Expect:100-continue Expect:100-Continue`)],
  ],
  rows([421, 400], ['Host:', 'Host:local host', ...foreignHosts.map((host) => `Host:${host}`)]),
  [noHost, ...rows([400], secondHosts, true)],
  rows([400], [...malformed, 'X-Delete:\x7f'], true),
  words`websocket h2c x HTTP/2.0`.map((protocol) => ({
    ...{ name: `an upgrade to ${protocol}`, expected: 'either' },
    apply: ({ headers }) => headers.push(['Connection', 'Upgrade'], ['Upgrade', protocol]),
  })),
];

const versions = ['', ...words`HTTP/1.0 HTTP/0.9 HTTP/2.0 HTTP/9.9 HTTP/1.1x http/1.1 HTTP/11 XTTP/1.1`];
/** Only HTTP/1.1 knows Host and Expect: beside these no header is changed. */
const versionMutations = versions.map(
  (version): Mutation => ({
    ...{ name: `the version ${version}`, isEarly: true },
    expected: /^HTTP\/[012]\.[09]$/.test(version) ? 'either' : [400, 505],
    apply(draft) {
      draft.version = version;
    },
  }),
);

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
  const hosts = words`localhost LOCALHOST:1 [::1] 127.0.0.1`;
  if (random.isBelow(0.1)) setHeader(draft, 'Host', pick(random, hosts));
  if (random.isBelow(0.1)) setHeader(draft, 'Origin', `http://${draft.headers[0]?.[1]}`);
  if (random.isBelow(0.1)) setHeader(draft, 'Sec-Fetch-Site', random.pick(['same-origin', 'none']));
  const groups = random.shuffle(headerMutations).slice(0, random.pick([0, 0, 0, 1, 1, 2, 3]));
  if (random.isBelow(0.04)) mutate(draft, pick(random, versionMutations), random);
  else for (const group of groups) mutate(draft, pick(random, group), random);
  limitHead(draft);
}
