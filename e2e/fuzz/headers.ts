import type { Random } from '../testing/random.ts';
import { type Draft, setHeader } from './draft.ts';
import { breakHost, comeFromElsewhere, noHost } from './foreign-headers.ts';

const objectNames = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'] as const;
const unknownExpect = 'an unknown Expect';

type Mutation = (draft: Draft, random: Random) => void;

const expectSomething: Mutation = (draft, random) => {
  const value = random.pick(['100-continue', '100-Continue', '200-ok', 'x', '', 'constructor', '417-x']);
  setHeader(draft, 'Expect', value);
  if (/^100-continue$/i.test(value)) return;
  draft.isRefusedEarly = true;
  if (value === '') draft.oddities.push('an empty Expect');
  else draft.faults.push({ name: unknownExpect, statuses: [417] });
};

type HeaderValues = readonly [name: string, values: readonly [string, ...string[]]];

/** Headers that change nothing about whether a request is accepted. */
const harmless: readonly [HeaderValues, ...HeaderValues[]] = [
  ['Range', ['bytes=0-10', 'bytes=9-1', 'bytes=-', 'x=1', 'bytes=0-0,1-1,2-2', '']],
  ['If-None-Match', ['*', '"x"', 'x', '\xff']],
  ['If-Modified-Since', ['x', 'Thu, 01 Jan 1970 00:00:00 GMT', '2026-02-31']],
  [
    'Last-Event-ID',
    [
      '1',
      '-1',
      '9e99',
      '1!2-3!x',
      '999999999999999',
      'x'.repeat(4000),
      '1!5-1',
      '0',
      '"',
      '__proto__',
      '\xff',
    ],
  ],
  ['Accept-Encoding', ['gzip', '*;q=0', 'identity;q=0', 'constructor', 'gzip;q=9e99']],
  ['Accept-Language', ['xx', ';;;', 'q=']],
  ['X-Forwarded-For', ['1.2.3.4', ',,,', 'x'.repeat(2000), '__proto__']],
  ['X-Forwarded-Host', ['evil.example']],
  ['Forwarded', ['for=x;host=evil.example']],
  ['X-Request-Id', ['x', '', '\xff', 'x'.repeat(4000), '../x', '{"a":1}']],
  ['X-Http-Method-Override', ['DELETE', 'CONNECT']],
  ['Cookie', ['a=b; a=c', '__proto__=1', 'x'.repeat(4000)]],
  ['Authorization', ['Basic x', 'Bearer null', '']],
  ['User-Agent', ['', '() { :; }; x', '\xff']],
  ['__proto__', ['x']],
  ['constructor', ['x']],
  ['Connection', ['close', 'keep-alive', 'x', 'host']],
  ['Keep-Alive', ['timeout=-1', 'max=0']],
  ['TE', ['trailers', 'gzip;q=x']],
  ['Traceparent', ['x', '00-0-0-0']],
];

const addHarmless: Mutation = (draft, random) => {
  const [name, values] = random.pick(harmless);
  if (name === 'Range' && draft.route.path === '/readings') return;
  draft.headers.push([name, random.pick(values)]);
};

const acceptSomething: Mutation = (draft, random) => {
  setHeader(
    draft,
    'Accept',
    random.pick([
      '*/*',
      '*/*;q=0',
      'text/csv',
      'application/xml',
      '',
      ';;;',
      'text/csv;q=x',
      'a/b,'.repeat(500),
      'application/json;q=0',
      ...objectNames,
    ]),
  );
  if (draft.route.path === '/readings') draft.oddities.push('Accept'); // an export takes other parameters
};

const sendMany: Mutation = (draft, random) => {
  const [count, length] = random.pick([
    [100, 20],
    [300, 1],
    [400, 100],
    [3000, 10],
    [1, 14_000],
    [1, 17_000],
    [1, 60_000],
  ]);
  const more = Array.from({ length: count }, (_, at): [string, string] => [`X-${at}`, 'x'.repeat(length)]);
  draft.headers.push(...more);
  draft.oddities.push('very many headers');
};

const malformed: readonly [[string, string], ...[string, string][]] = [
  ['X Y', '1'],
  ['', '1'],
  ['X-Nul', 'a\0b'],
  ['X-Line', 'a\rb'],
  ['X-Tab\t', '1'],
  ['(x)', '1'],
  ['X-\xff', '1'],
  ['X-Feed', 'a\x0bb'],
  ['X-Delete', '\x7f'],
];

const malform: Mutation = (draft, random) => {
  draft.isRefusedEarly = true;
  draft.headers.push(random.pick(malformed));
  draft.faults.push({
    name: `a malformed header ${JSON.stringify(draft.headers.at(-1)?.join(':'))}`,
    statuses: [400],
  });
};

const changeVersion: Mutation = (draft, random) => {
  draft.httpVersion = random.pick([
    'HTTP/1.0',
    'HTTP/0.9',
    'HTTP/2.0',
    'HTTP/9.9',
    'HTTP/1.1x',
    'http/1.1',
    'HTTP/11',
    'XTTP/1.1',
    '',
  ]);
  draft.isRefusedEarly = true;
  if (/^HTTP\/[012]\.[09]$/.test(draft.httpVersion)) draft.oddities.push(draft.httpVersion);
  else draft.faults.push({ name: `the version ${draft.httpVersion}`, statuses: [400, 505] });
};

const upgrade: Mutation = (draft, random) => {
  draft.headers.push(
    ['Connection', 'Upgrade'],
    ['Upgrade', random.pick(['websocket', 'h2c', 'x', 'HTTP/2.0'])],
  );
  draft.oddities.push('an upgrade');
};

const mutations: readonly [Mutation, ...Mutation[]] = [
  addHarmless,
  addHarmless,
  addHarmless,
  acceptSomething,
  comeFromElsewhere,
  comeFromElsewhere,
  expectSomething,
  breakHost,
  breakHost,
  sendMany,
  malform,
  changeVersion,
  upgrade,
];

/** Only HTTP/1.1 demands a Host and knows Expect. */
function allowOldVersions(draft: Draft): void {
  if (draft.httpVersion === 'HTTP/1.1') return;
  draft.faults = draft.faults.filter(({ name }) => name !== noHost && name !== unknownExpect);
}

const maxHeadBytes = 16_384;
/** For what is added after the headers are drawn. */
const spareBytes = 500;

function limitHead(draft: Draft): void {
  const sizes = draft.headers.map(([name, value]) => name.length + value.length + 4);
  const bytes = sizes.reduce((sum, size) => sum + size, draft.path.length + draft.query.join('&').length);
  if (bytes <= maxHeadBytes - spareBytes) return;
  draft.isRefusedEarly = true;
  if (bytes > maxHeadBytes) draft.faults.push({ name: 'a head above the limit', statuses: [431, 414] });
  else draft.oddities.push('a head close to the limit');
}

/** Changes none to three headers. */
export function drawHeaders(draft: Draft, random: Random): void {
  if (random.isBelow(0.1))
    setHeader(draft, 'Host', random.pick(['localhost', 'LOCALHOST:1', '[::1]', '127.0.0.1']));
  if (random.isBelow(0.1))
    setHeader(draft, 'Origin', `http://${draft.headers.find(([name]) => name === 'Host')?.[1]}`);
  if (random.isBelow(0.1)) setHeader(draft, 'Sec-Fetch-Site', random.pick(['same-origin', 'none']));
  const count = random.pick([0, 0, 0, 1, 1, 2, 3]);
  const drawn = new Set(Array.from({ length: count }, () => random.pick(mutations)));
  for (const mutate of drawn) mutate(draft, random);
  allowOldVersions(draft);
  limitHead(draft);
}
