import { fileURLToPath } from 'node:url';
import { maxLeaseRows, replayNameSchema, senderNameSchema, sensorIdSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { noFaults, parseFaults } from '../schedule/faults.ts';
import { standardInputName } from '../source/file-state.ts';
import { type Column, type ColumnNames, columns } from '../source/layout.ts';
import { dayMs, durationSchema, numberSchema, shareSchema, wholeSchema } from './value-schemas.ts';

const packagedFile = fileURLToPath(new URL('../data/readings.csv', import.meta.url));
const delimiters: ReadonlyMap<string, string> = new Map([
  ['', ''],
  ['tab', '\t'],
  ['\\t', '\t'],
  [',', ','],
  [';', ';'],
  ['|', '|'],
]);

function choiceSchema<const T extends readonly string[]>(...values: T) {
  return z.enum(values, { error: `expected ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` });
}

function optionalSchema(schema: z.ZodType<string>) {
  return z.union([z.literal(''), schema], { error: (issue) => firstMessage(schema, issue.input) });
}

function firstMessage(schema: z.ZodType<string>, input: unknown): string {
  return schema.safeParse(input).error?.issues[0]?.message ?? 'expected something else';
}

const faultsSchema = z
  .string()
  .refine(
    (text) => parseFaults(text) !== undefined,
    'expected shares as in dup:1%,drop:0.5%,late:2%,garbage:0.1%',
  )
  .transform((text) => parseFaults(text) ?? noFaults);

const columnList = columns.join('|');
/** The name of a column in the file may contain commas: a pair begins only where one of our names and `=` do. */
const separator = new RegExp(`,\\s*(?=(?:${columnList})=)`);
const pair = new RegExp(`^(${columnList})=(.+)$`);

/** Parses `temperature=Temp (C),humidity=RH`; undefined if it is not a list of columns. */
function parseColumns(text: string): ColumnNames | undefined {
  const names: Partial<Record<Column, string>> = {};
  for (const part of text.trim() === '' ? [] : text.trim().split(separator)) {
    const [, ourName, name = ''] = pair.exec(part) ?? [];
    const column = columns.find((one) => one === ourName);
    if (column === undefined || Object.hasOwn(names, column) || name.trim() === '') return undefined;
    names[column] = name.trim();
  }
  return names;
}

const columnsSchema = z
  .string()
  .refine(
    (text) => parseColumns(text) !== undefined,
    `expected pairs as in "temperature=Temp (C),humidity=RH"; columns are ${columns.join(', ')}`,
  )
  .transform((text) => parseColumns(text) ?? {});

export const configSchema = z.object({
  mode: choiceSchema('share', 'copy'),
  replay: optionalSchema(replayNameSchema),
  name: optionalSchema(senderNameSchema),
  file: z.string().transform((path) => path || packagedFile),
  apiUrl: z
    .url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' })
    .transform((url) => url.replace(/\/+$/, '')),
  rate: z.union([z.literal('0').transform(Number), numberSchema({ min: 0.001, max: 1_000_000 })], {
    error: 'expected 0, or a number from 0.001 to 1000000',
  }),
  rateOf: choiceSchema('total', 'sender'),
  loops: wholeSchema({ min: 0, max: 1_000_000_000 }),
  sensorId: optionalSchema(sensorIdSchema),
  backfill: wholeSchema({ min: 0, max: 100_000 }),
  backfillSpanMs: durationSchema({ min: 1000, max: 365 * dayMs, range: '1s to 8760h' }),
  timestamps: choiceSchema('arrival', 'file', 'now'),
  speed: shareSchema({ min: 0, max: 10_000 }),
  maxGapMs: durationSchema({ min: 0, max: 365 * dayMs, range: '0 to 8760h' }),
  jitter: shareSchema({ min: 0, max: 1 }),
  faults: faultsSchema,
  seed: wholeSchema({ min: 0, max: 4_294_967_295 }),
  columns: columnsSchema,
  delimiter: z
    .string()
    .refine((text) => delimiters.has(text), 'expected one of , ; | or tab')
    .transform((text) => delimiters.get(text) ?? ''),
  label: z.string(),
  concurrency: wholeSchema({ min: 1, max: 1000 }),
  batch: wholeSchema({ min: 1, max: maxLeaseRows }),
  format: choiceSchema('json', 'ndjson'),
  late: choiceSchema('wait', 'drop'),
  maxLagMs: durationSchema({ min: 1, max: dayMs, range: '1ms to 24h' }),
  chunk: wholeSchema({ min: 0, max: maxLeaseRows }),
  timeoutMs: durationSchema({ min: 1, max: 600_000, range: '1ms to 10m' }),
  readyTimeoutMs: durationSchema({ min: 0, max: dayMs, range: '0 to 24h' }),
  heartbeatFile: z.string(),
  metricsPort: wholeSchema({ min: 0, max: 65_535 }),
});

type Parsed = z.infer<typeof configSchema>;

/** Faults of settings that are valid one by one, but not together. */
export function findContradictions(config: Parsed): string[] {
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
  return faults;
}

export type Config = Readonly<Parsed>;
