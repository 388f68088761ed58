import { parseArgs } from 'node:util';

const benchNames = ['ingest', 'compare', 'reads', 'model', 'sender', 'percentiles', 'dashboard'] as const;

export interface Flags {
  bench: (typeof benchNames)[number];
  rounds: number | undefined;
  seconds: number;
  minutes: number;
  rows: readonly number[];
  sensors: readonly number[];
  databaseUrl: string | undefined;
  /** The folder of another checkout. */
  against: string | undefined;
  out: string | undefined;
  help: boolean;
}

/** @throws Error */
function parseCount(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`--${flag} "${text}": expected a whole number from 1`);
}

function parseCounts(flag: string, text: string): number[] {
  return text.split(',').map((part) => parseCount(flag, part.trim()));
}

/** @throws Error that names the flag */
function parseServerUrl(text: string | undefined): string | undefined {
  if (text === undefined || (URL.canParse(text) && new URL(text).protocol === 'mysql:')) return text;
  throw new Error(`--database-url "${text}": expected mysql://user:password@host:port/`);
}

/** @throws Error that says what is wrong */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string', default: '4' },
      minutes: { type: 'string', default: '10' },
      rows: { type: 'string', default: '10000,1000000' },
      sensors: { type: 'string', default: '1,1000' },
      'database-url': { type: 'string' },
      against: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [name = 'ingest', ...rest] = positionals;
  const bench = benchNames.find((known) => known === name);
  if (!bench || rest.length > 0) throw new Error(`expected one of ${benchNames.join(', ')}`);
  return {
    bench,
    rounds: values.rounds === undefined ? undefined : parseCount('rounds', values.rounds),
    seconds: parseCount('seconds', values.seconds),
    minutes: parseCount('minutes', values.minutes),
    rows: parseCounts('rows', values.rows),
    sensors: parseCounts('sensors', values.sensors),
    databaseUrl: parseServerUrl(values['database-url']),
    against: values.against,
    out: values.out,
    help: values.help,
  };
}
