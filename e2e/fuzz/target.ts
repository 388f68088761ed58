import type { Random } from '../testing/random.ts';
import type { Draft } from './draft.ts';
import { notIds, unknownParameters } from './parameters.ts';
import { idOf } from './readings.ts';

const models = [
  'gradient-boosting',
  'logistic-regression',
  'neural-network',
  'random-forest',
  'support-vector-machine',
] as const;
const unknownNames = [
  'none',
  '__proto__',
  'constructor',
  '..',
  '%2e%2e',
  '..%2F..%2Fetc%2Fpasswd',
  '%00',
  '%F0%9F%94%A5',
  'x'.repeat(300),
] as const;
const notReplays = ['%20', 'a%2Fb', '%00', 'x'.repeat(65), '%C3%B6', 'a+b', '%5C'] as const;
const brokenEscapes = ['%', '%zz', '%E0%A4%A', '%FF', '%C0%80', '%ED%A0%80'] as const;
const unknownPaths: readonly [string, ...string[]] = [
  '/',
  '//',
  '/admin',
  '/predict/x',
  '/readings/a/b/c',
  '/v2/x',
  '/.env',
  '/..%2f..%2fetc/passwd',
  '/%00',
  '/__proto__',
  '/constructor',
  '/metrics/x',
  '/index.html',
  '/predict%2F',
  '/stats;a=b',
  '/models//activate',
  `/${'a/'.repeat(2000)}`,
  '/*',
  '/🔥',
];

function toValue(kind: string | undefined, draft: Draft, random: Random): string {
  const { faults, oddities } = draft;
  if (random.isBelow(0.05)) {
    faults.push({ name: 'broken percent encoding in the path', statuses: [400, 404] });
    return random.pick(brokenEscapes);
  }
  const isFaulty = random.isBelow(0.1);
  switch (kind) {
    case ':id':
      if (!isFaulty) return idOf('valid', random.between(0, 2000), 0);
      faults.push({ name: 'an id that is no UUID', statuses: [400, 404] });
      return random.pick(notIds);
    case ':replay':
      if (!isFaulty) return random.pick(['fuzz-1', 'fuzz-2', 'a.b_c~d@e-']);
      faults.push({ name: 'a replay of an impossible name', statuses: [400, 404] });
      return random.pick(notReplays);
    case ':version':
      oddities.push('a version that may be unknown');
      return random.pick(['1', '2fce4a24', ...unknownNames]);
    default:
      if (!isFaulty) return random.pick(models);
      oddities.push('a model that is unknown');
      return random.pick(unknownNames);
  }
}

function drawPath(draft: Draft, random: Random): string {
  if (random.isBelow(0.02)) {
    draft.faults.push({ name: 'an unknown path', statuses: [404, 400] });
    return random.pick(unknownPaths);
  }
  const path = draft.route.path.replace(/:[a-z]+/g, (kind) => toValue(kind, draft, random));
  if (!random.isBelow(0.03)) return path;
  draft.oddities.push('another spelling of the path');
  return random.pick([
    `${path}/`,
    path.toUpperCase(),
    `/${path}`,
    `${path}//`,
    `.${path}`,
    `${path}%20`,
    `${path};x`,
  ]);
}

function drawParameter(draft: Draft, name: string, random: Random): void {
  const parameter = draft.route.parameters[name];
  if (parameter === undefined) return;
  const { valid, faulty, odd, isRepeatable } = parameter;
  const chance = random.fraction();
  const choose = (values: readonly string[]) => `${name}=${values[random.between(0, values.length - 1)]}`;
  const oddShare = valid.length > 0 ? 0.9 : 0.5;
  if (valid.length > 0 && chance < 0.8) {
    draft.query.push(choose(valid));
    if (!random.isBelow(0.05)) return;
    draft.query.push(...Array.from({ length: random.pick([1, 2, 30, 200]) }, () => choose(valid)));
    if (isRepeatable)
      draft.oddities.push(`${name} repeated`); // there may be too many
    else draft.faults.push({ name: `${name} repeated`, statuses: [400] });
  } else if (odd.length > 0 && chance < oddShare) {
    draft.query.push(choose(odd));
    draft.oddities.push(`an odd ${name}`);
  } else if (faulty.length > 0) {
    draft.query.push(choose(faulty));
    const shown = name === 'cursor' ? 'an impossible cursor' : draft.query.at(-1)?.slice(0, 60);
    draft.faults.push({ name: `${shown}`, statuses: [400] });
  }
}

/** Path and query: values that the API must take, must refuse, or may do either with. */
export function drawTarget(draft: Draft, random: Random): void {
  const { parameters, required = [], isStrict } = draft.route;
  draft.path = drawPath(draft, random);
  const names = Object.keys(parameters);
  const share = Math.min(0.5, 2 / Math.max(names.length, 1));
  for (const name of names) {
    const isLeftOut = required.includes(name) ? random.isBelow(0.05) : !random.isBelow(share);
    if (!isLeftOut) drawParameter(draft, name, random);
    else if (required.includes(name)) draft.faults.push({ name: `no ${name}`, statuses: [400] });
  }
  if (!random.isBelow(0.04)) return;
  draft.query.push(random.pick(unknownParameters));
  if (isStrict) draft.faults.push({ name: `parameter ${draft.query.at(-1)?.slice(0, 60)}`, statuses: [400] });
  else draft.oddities.push('a parameter that is not looked at');
}
