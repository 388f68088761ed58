import { fileURLToPath } from 'node:url';
import { sensorIdSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';

const packagedFile = fileURLToPath(new URL('./data/readings.csv', import.meta.url));

const unitsMs: Record<string, number> = { '': 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const dayMs = 24 * 3_600_000;

type Range = { min: number; max: number };

function numberSchema({ min, max }: Range) {
  const isWithin = (text: string) => /^\d+(\.\d+)?$/.test(text) && Number(text) >= min && Number(text) <= max;
  return z.string().refine(isWithin, `expected a number from ${min} to ${max}`).transform(Number);
}

function wholeSchema({ min, max }: Range) {
  const isWithin = (text: string) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max;
  return z.string().refine(isWithin, `expected a whole number from ${min} to ${max}`).transform(Number);
}

function durationSchema({ min, max, range }: Range & { range: string }) {
  const isWithin = (text: string) => toMs(text) >= min && toMs(text) <= max;
  return z
    .string()
    .refine(isWithin, `expected a duration from ${range}, as in 500ms, 90s, 15m, 1h`)
    .transform(toMs);
}

function toMs(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  return Math.round(Number(amount) * (unitsMs[unit] ?? Number.NaN));
}

export const configSchema = z.object({
  file: z.string().transform((path) => path || packagedFile),
  apiUrl: z
    .url({ protocol: /^https?$/, error: 'expected a URL that begins with http:// or https://' })
    .transform((url) => url.replace(/\/+$/, '')),
  rate: z.union([z.literal('0').transform(Number), numberSchema({ min: 0.001, max: 10_000 })], {
    error: 'expected 0, or a number from 0.001 to 10000',
  }),
  loops: wholeSchema({ min: 0, max: 1_000_000_000 }),
  sensorId: sensorIdSchema,
  backfill: wholeSchema({ min: 0, max: 100_000 }),
  backfillSpanMs: durationSchema({ min: 1000, max: 365 * dayMs, range: '1s to 8760h' }),
  timestamps: z.enum(['arrival', 'file'], { error: 'expected arrival or file' }),
  concurrency: wholeSchema({ min: 1, max: 1000 }),
  timeoutMs: durationSchema({ min: 1, max: 600_000, range: '1ms to 10m' }),
  readyTimeoutMs: durationSchema({ min: 0, max: dayMs, range: '0 to 24h' }),
  heartbeatFile: z.string(),
});

export type Config = Readonly<z.infer<typeof configSchema>> & { readonly json: boolean };

export type Setting = { variable: string; flag: string; preset: string; meaning: string };

/** `preset` is the text that counts where nothing is given. */
export const settings: Readonly<Record<keyof typeof configSchema.shape, Setting>> = {
  file: {
    variable: 'SENDER_FILE',
    flag: 'file',
    preset: '',
    meaning: 'CSV file of readings; nothing: the packaged data/readings.csv',
  },
  apiUrl: {
    variable: 'SENDER_API_URL',
    flag: 'api-url',
    preset: 'http://127.0.0.1:5000',
    meaning: 'where the API is',
  },
  rate: {
    variable: 'SENDER_RATE',
    flag: 'rate',
    preset: '2',
    meaning: 'rows per second; 0: as fast as the API answers',
  },
  loops: {
    variable: 'SENDER_LOOPS',
    flag: 'loops',
    preset: '0',
    meaning: 'how many times the whole file is sent; 0: for ever',
  },
  sensorId: {
    variable: 'SENDER_SENSOR_ID',
    flag: 'sensor-id',
    preset: 'replay',
    meaning: 'sensor of the rows that name none in a column sensor_id',
  },
  backfill: {
    variable: 'SENDER_BACKFILL',
    flag: 'backfill',
    preset: '1000',
    meaning: 'rows sent at once if the API has no reading yet; 0: none',
  },
  backfillSpanMs: {
    variable: 'SENDER_BACKFILL_SPAN',
    flag: 'backfill-span',
    preset: '1h',
    meaning: 'time over which these rows are stamped back, evenly',
  },
  timestamps: {
    variable: 'SENDER_TIMESTAMPS',
    flag: 'timestamps',
    preset: 'arrival',
    meaning: 'arrival: a row is stamped when the API gets it; file: by its column timestamp',
  },
  concurrency: {
    variable: 'SENDER_CONCURRENCY',
    flag: 'concurrency',
    preset: '16',
    meaning: 'readings in flight at most',
  },
  timeoutMs: {
    variable: 'SENDER_TIMEOUT',
    flag: 'timeout',
    preset: '10s',
    meaning: 'how long a request may wait for its answer; a number without unit is milliseconds',
  },
  readyTimeoutMs: {
    variable: 'SENDER_READY_TIMEOUT',
    flag: 'ready-timeout',
    preset: '0',
    meaning: 'how long to wait at the start for the API to be ready; 0: for ever',
  },
  heartbeatFile: {
    variable: 'SENDER_HEARTBEAT_FILE',
    flag: 'heartbeat-file',
    preset: '',
    meaning: 'file touched every 5 s while the sender lives, for a health check; nothing: none',
  },
};
