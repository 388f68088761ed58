import { type Expectation, parseExpectations } from '../report/expectations.ts';
import { durationSchema, shareSchema } from './value-schemas.ts';

/** Options of a single run, which have flags but no variables. */
export type Options = Readonly<{
  json: boolean;
  isDryRun: boolean;
  isRestart: boolean;
  isFindMax: boolean;
  findMax: { p99Ms: number; shedShare: number; holdMs: number };
  expectations: readonly Expectation[] | undefined;
}>;

export const switchFlags = ['json', 'dry-run', 'restart', 'find-max'] as const;
export const optionFlags = ['find-max-p99', 'find-max-shed', 'find-max-hold', 'expect'] as const;

const limitSchemas = {
  'find-max-p99': durationSchema({ min: 1, max: 600_000, range: '1ms to 10m' }),
  'find-max-shed': shareSchema({ min: 0, max: 1 }),
  'find-max-hold': durationSchema({ min: 1000, max: 3_600_000, range: '1s to 1h' }),
};
const limitPresets = { 'find-max-p99': '50ms', 'find-max-shed': '1%', 'find-max-hold': '30s' };

/** `texts` has the flags with values, `switches` those without. */
export function parseOptions(
  texts: ReadonlyMap<string, string>,
  switches: ReadonlySet<string>,
): Options | { faults: string[] } {
  const faults: string[] = [];
  const limitOf = (flag: keyof typeof limitSchemas) => {
    const text = texts.get(flag) ?? limitPresets[flag];
    const parsed = limitSchemas[flag].safeParse(text);
    if (parsed.success) return parsed.data;
    faults.push(`--${flag}: given ${JSON.stringify(text)}, ${parsed.error.issues[0]?.message}`);
    return 0;
  };
  const findMax = {
    p99Ms: limitOf('find-max-p99'),
    shedShare: limitOf('find-max-shed'),
    holdMs: limitOf('find-max-hold'),
  };
  const expected = texts.get('expect');
  const parsed = expected === undefined ? undefined : parseExpectations(expected);
  if (parsed?.kind === 'faults') faults.push(...parsed.faults.map((fault) => `--expect: ${fault}`));
  const modes = ['dry-run', 'restart', 'find-max'].filter((flag) => switches.has(flag));
  if (modes.length > 1) faults.push(`--${modes.join(', --')}: give only one of them`);
  if (faults.length > 0) return { faults };
  return {
    json: switches.has('json'),
    isDryRun: switches.has('dry-run'),
    isRestart: switches.has('restart'),
    isFindMax: switches.has('find-max'),
    findMax,
    expectations: parsed?.kind === 'expectations' ? parsed.expectations : undefined,
  };
}
