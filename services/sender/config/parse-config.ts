import { parseArgs } from 'node:util';
import { z } from 'zod';
import { standardInputName } from '../source/file-state.ts';
import { type Config, runSettings, settings } from './settings.ts';

export type ParsedConfig =
  | { kind: 'config'; config: Config }
  | { kind: 'faults'; faults: string[] }
  | { kind: 'help' };

interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  args: readonly string[];
}

const allSettings = Object.entries({ ...settings, ...runSettings });
const configSchema = z.object(Object.fromEntries(allSettings.map(([key, { schema }]) => [key, schema])));

/** Flags override environment variables, and an empty variable counts as unset. Reports all faults at once. */
export function parseConfig({ env, args }: ConfigSources): ParsedConfig {
  const { values, faults } = parseFlags(args);
  if (values.has('help')) return { kind: 'help' };
  const given = Object.fromEntries(
    allSettings.map(([key, { variable, flag, preset }]) => {
      return [key, values.get(flag) ?? ((variable && env[variable]?.trim()) || preset)];
    }),
  );
  const parsed = configSchema.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const key = String(path[0]);
    faults.push(`${toName(key)}: given ${JSON.stringify(given[key])}, ${message}`);
  }
  if (!parsed.success) return { kind: 'faults', faults };
  const config = parsed.data as Config; // each value by the schema of its setting
  faults.push(...findContradictions(config));
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'config', config };
}

const help = { flag: 'help', isSwitch: true };

/** The flags that are given, with their values; true for those that take none. */
function parseFlags(args: readonly string[]) {
  const flags = new Map([help, ...allSettings.map(([, setting]) => setting)].map((one) => [one.flag, one]));
  const options = [...flags].map(([flag, { isSwitch }]) => {
    return [flag, { type: isSwitch ? 'boolean' : 'string', ...(flag === 'help' && { short: 'h' }) }] as const;
  });
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(options),
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string | true>();
  const faults: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional')
      faults.push(`${JSON.stringify(token.value)}: expected flags only; see --help`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const flag = flags.get(name);
    if (flag === undefined) faults.push(`${rawName}: no such flag; see --help`);
    else if (flag.isSwitch && value !== undefined) faults.push(`${rawName}: given a value, expected none`);
    else if (flag.isSwitch) values.set(name, true);
    else if (value === undefined) faults.push(`${rawName}: given nothing, expected a value`);
    else values.set(name, value.trim());
  }
  return { values, faults };
}

function toName(key: string): string {
  const [, setting] = allSettings.find(([name]) => name === key) ?? [];
  return [setting?.variable, `--${setting?.flag}`].filter(Boolean).join(' / ');
}

/** Faults of settings that are valid one by one, but not together. */
function findContradictions(config: Config): string[] {
  const faults: string[] = [];
  if (config.file === standardInputName && config.mode === 'copy')
    faults.push(
      'SENDER_MODE / --mode: given "copy", but standard input can be read only once; expected share',
    );
  if (config.format === 'json' && config.batch > 1000)
    faults.push(`SENDER_BATCH / --batch: given "${config.batch}"; expected at most 1000, or --format ndjson`);
  if (config.late === 'drop' && config.rate === 0 && (config.timestamps === 'arrival' || config.speed === 0))
    faults.push(
      'SENDER_LATE / --late: given "drop", but without a schedule no row is ever late; expected wait, or a rate',
    );
  if (config.long !== undefined && Object.keys(config.columns).length > 0)
    faults.push('--columns, --long: give only one of them');
  const { isDryRun, isRestart, isFindMax } = config;
  const modes = Object.entries({ '--dry-run': isDryRun, '--restart': isRestart, '--find-max': isFindMax });
  const given = modes.filter(([, isGiven]) => isGiven).map(([flag]) => flag);
  if (given.length > 1) faults.push(`${given.join(', ')}: give only one of them`);
  return faults;
}
