import { parseArgs } from 'node:util';
import { type Config, configSchema, findContradictions } from './config-schema.ts';
import { type Options, optionFlags, parseOptions, switchFlags } from './options.ts';
import { type Setting, settings } from './settings.ts';

export type ParsedConfig =
  | { kind: 'config'; config: Config; options: Options }
  | { kind: 'faults'; faults: string[] }
  | { kind: 'help' };

interface ConfigSources {
  env: Readonly<Record<string, string | undefined>>;
  args: readonly string[];
}

/** Flags override environment variables, and an empty variable counts as unset. Reports all faults at once. */
export function parseConfig({ env, args }: ConfigSources): ParsedConfig {
  const { texts, switches, faults } = parseFlags(args);
  if (switches.has('help')) return { kind: 'help' };
  const given = Object.fromEntries(
    Object.entries(settings).map(([key, { variable, flag, preset }]) => {
      return [key, texts.get(flag) ?? (env[variable]?.trim() || preset)];
    }),
  );
  const options = parseOptions(texts, switches);
  if ('faults' in options) faults.push(...options.faults);
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const named = parsed.error.issues.map(({ path, message }) => {
      const key = String(path[0]);
      return `${toName(key)}: given ${JSON.stringify(given[key])}, ${message}`;
    });
    return { kind: 'faults', faults: [...faults, ...named] };
  }
  faults.push(...findContradictions(parsed.data));
  if (faults.length > 0 || 'faults' in options) return { kind: 'faults', faults };
  return { kind: 'config', config: parsed.data, options };
}

function parseFlags(args: readonly string[]) {
  const flags = [...Object.values(settings).map(({ flag }) => flag), ...optionFlags];
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }])),
      ...Object.fromEntries(switchFlags.map((flag) => [flag, { type: 'boolean' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  });
  const texts = new Map<string, string>();
  const switches = new Set<string>();
  const faults: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional')
      faults.push(`${JSON.stringify(token.value)}: expected flags only; see --help`);
    if (token.kind !== 'option') continue;
    const isSwitch = token.name === 'help' || switchFlags.some((name) => name === token.name);
    if (isSwitch && token.value !== undefined) faults.push(`${token.rawName}: given a value, expected none`);
    else if (isSwitch) switches.add(token.name);
    else if (!flags.includes(token.name)) faults.push(`${token.rawName}: no such flag; see --help`);
    else if (token.value === undefined) faults.push(`${token.rawName}: given nothing, expected a value`);
    else texts.set(token.name, token.value.trim());
  }
  return { texts, switches, faults };
}

function toName(key: string): string {
  const setting: Setting | undefined = Object.entries(settings).find(([name]) => name === key)?.[1];
  return setting === undefined ? key : `${setting.variable} / --${setting.flag}`;
}
