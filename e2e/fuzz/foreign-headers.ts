import type { Random } from '../testing/random.ts';
import { type Draft, setHeader } from './draft.ts';

export const noHost = 'no Host header';

const foreignHosts = [
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '10.0.0.1',
  '0.0.0.0',
  'localhost:5000@evil.example',
  'evil.example:80',
  'xn--localhost',
  '[::2]',
  '[::1',

  'local host',

  '',
  '../',
  '127.0.0.1/x',
  'localhost,evil.example',
  '\xff',
] as const;
const foreignOrigins = [
  'http://evil.example',
  'https://127.0.0.1:1',
  'http://localhost.evil.example',
  'null',
  'file://',
  'x',
  '',
  'http://evil.example:80/x',
  'http://[::1]:1',
] as const;

/** A Host that is not allowed, given twice, or missing. */
export function breakHost(draft: Draft, random: Random): void {
  draft.isRefusedEarly = true;
  const own = draft.headers.find(([name]) => name === 'Host')?.[1] ?? '';
  const chance = random.fraction();
  if (chance < 0.5) {
    const host = random.pick(foreignHosts);
    setHeader(draft, 'Host', host);
    draft.faults.push({ name: 'a Host that is not allowed', statuses: [421, 400] });
  } else if (chance < 0.8) {
    draft.headers.push([random.pick(['Host', 'host', 'HOST']), random.pick([own, 'evil.example', ''])]);
    draft.faults.push({ name: 'two Host headers', statuses: [400] });
  } else {
    draft.headers = draft.headers.filter(([name]) => name !== 'Host');
    draft.faults.push({ name: noHost, statuses: [400] });
  }
}

/** What a page of another site may not do, whichever Origin it gives. */
function isRefusedBySite({ method, route }: Draft): boolean {
  return method === 'DELETE' || route.path.endsWith('/activate');
}

/** As a browser sends it from a page of another site. */
export function comeFromElsewhere(draft: Draft, random: Random): void {
  const isSite = random.isBelow(0.3);
  if (isSite) setHeader(draft, 'Sec-Fetch-Site', 'cross-site');
  else setHeader(draft, 'Origin', random.pick(foreignOrigins));
  const [name, value] = draft.headers.at(-1) ?? [];
  // An inference changes nothing, an empty Origin says nothing, and with Sec-Fetch-Site a browser sends an Origin.
  const isUnclear = draft.path.startsWith('/v2') || value === '' || (isSite && !isRefusedBySite(draft));
  if (draft.method === 'GET' || draft.method === 'HEAD') return;
  draft.isRefusedEarly = true;
  if (isUnclear) draft.oddities.push('another site that asks for scores');
  else draft.faults.push({ name: `another site by ${name}`, statuses: [403] });
}
