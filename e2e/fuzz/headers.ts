import fc from 'fast-check';
import { choose, long, objectNames, words } from './choices.ts';
import type { Route } from './routes.ts';

export type Header = readonly [name: string, value: string];

/** Replaces the headers of its names. */
type Change = readonly Header[];

/** One header each, `name:value`. */
function rows(texts: readonly string[]): Change[] {
  return texts.map((text) => {
    const at = text.indexOf(':', 1);
    return [[text.slice(0, at), text.slice(at + 1)]];
  });
}

const harmless = rows([
  ...words`If-None-Match:* If-None-Match:"x" If-None-Match:ÿ If-Modified-Since:x If-Modified-Since:2026-02-31
    Last-Event-ID:1 Last-Event-ID:-1 Last-Event-ID:9e99 Last-Event-ID:1!2-3!x Last-Event-ID:1!5-1 Last-Event-ID:" Last-Event-ID:ÿ
    Accept-Encoding:gzip Accept-Encoding:*;q=0 Accept-Encoding:constructor Accept-Encoding:gzip;q=9e99 Accept-Language:;;;
    X-Forwarded-For:1.2.3.4 X-Forwarded-For:,,, X-Forwarded-Host:evil.example Forwarded:for=x;host=evil.example
    X-Request-Id:x X-Request-Id:ÿ X-Request-Id:../x X-Request-Id:{"a":1} X-Request-Id: X-Http-Method-Override:DELETE
    Cookie:__proto__=1 Authorization: User-Agent: User-Agent:ÿ __proto__:x constructor:x Connection:close
    Connection:keep-alive Connection:x Connection:host Keep-Alive:timeout=-1 TE:trailers TE:gzip;q=x Traceparent:x
    Expect:100-continue Expect:100-Continue`,
  ...['Last-Event-ID', 'X-Forwarded-For', 'X-Request-Id', 'Cookie'].map((name) => `${name}:${long(4000)}`),
]);

/** An export of readings is answered otherwise with some of these. */
const odd = [
  ...rows(words`Range: Range:bytes=0-10 Range:bytes=9-1 Range:bytes=- Range:x=1 Range:bytes=0-0,1-1,2-2
    Accept: Accept:*/* Accept:*/*;q=0 Accept:text/csv Accept:application/xml Accept:;;; Expect: Origin:`),
  ...rows([...objectNames, 'a/b,'.repeat(500)].map((name) => `Accept:${name}`)),
  ...words`websocket h2c x HTTP/2.0`.map(
    (name): Change => [
      ['Connection', 'Upgrade'],
      ['Upgrade', name],
    ],
  ),
  ...words`100x20 300x1 400x100 3000x10 1x14000 1x17000 1x60000`.map((size): Change => {
    const [count = 0, length = 0] = size.split('x').map(Number);
    return Array.from({ length: count }, (_, at) => [`X-${at}`, long(length)] as const);
  }),
];

const foreignHosts = words`evil.example 127.0.0.1.evil.example localhost.evil.example 10.0.0.1 0.0.0.0
  localhost:5000@evil.example evil.example:80 xn--localhost [::2] [::1 ../ 127.0.0.1/x localhost,evil.example ÿ`;
const secondHosts = words`Host:127.0.0.1 Host:evil.example Host: host:127.0.0.1 HOST:evil.example`;
export const ownHost: Header = ['Host', '127.0.0.1'];
const invalid = [
  ...rows(['Host:', 'Host:local host', ...foreignHosts.map((host) => `Host:${host}`)]),
  ...rows(secondHosts).map((second) => [ownHost, ...second]),
  ...rows([
    'X Y:1',
    ':1',
    'X-Nul:a\0b',
    'X-Line:a\rb',
    'X-Tab\t:1',
    '(x):1',
    'X-ÿ:1',
    'X-Feed:a\x0bb',
    'X-Delete:\x7f',
  ]),
  ...rows(words`Expect:200-ok Expect:x Expect:constructor Expect:417-x`),
];

const ownSites = words`127.0.0.1 localhost LOCALHOST:1 [::1]`.map((host): Change => {
  return [
    ['Host', host],
    ['Origin', `http://${host}`],
    ['Sec-Fetch-Site', 'same-origin'],
  ];
});
const foreignOrigins = rows(words`Origin:null Origin:x Origin:http://evil.example Origin:https://127.0.0.1:1
  Origin:http://localhost.evil.example Origin:file:// Origin:http://evil.example:80/x Origin:http://[::1]:1`);
const foreignSite = rows(['Sec-Fetch-Site:cross-site']);

const none: Change[] = Array(60).fill([]);

/** As a browser sends a request from a page: that of another site may read, but not change anything. */
function chooseSite({ method, path }: Route) {
  const valid = [...none, ...ownSites];
  if (method === 'GET') return choose({ valid: [...valid, ...foreignOrigins, ...foreignSite] });
  if (path.startsWith('/v2')) return choose({ valid, odd: [...foreignOrigins, ...foreignSite] }); // an inference
  const isChecked = method === 'DELETE' || path.endsWith('/activate');
  return choose({
    valid,
    odd: isChecked ? [] : foreignSite,
    invalid: isChecked ? [...foreignOrigins, ...foreignSite] : foreignOrigins,
  });
}

/** The headers of a request but those of its body. */
export function chooseHeaders(route: Route) {
  return fc
    .tuple(
      choose({ valid: [...none, ...harmless] }),
      choose({ valid: none, odd }),
      chooseSite(route),
      choose({ valid: none, invalid }),
    )
    .map((changes) => {
      const apply = (headers: readonly Header[], change: Change) => {
        const names = new Set(change.map(([name]) => name.toLowerCase()));
        return [...headers.filter(([name]) => !names.has(name.toLowerCase())), ...change];
      };
      const headers = changes.map(({ value }) => value).reduce(apply, [ownHost]);
      return { headers, verdicts: changes.map(({ verdict }) => verdict) };
    });
}
