import { fileURLToPath } from 'node:url';
import { maxLeaseRows, replayNameSchema, senderNameSchema, sensorIdSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { expectationsSchema } from '../report/expectations.ts';
import { faultsSchema } from '../schedule/faults.ts';
import { runSetting, setting, switchSetting } from './define-setting.ts';
import { fileSettings } from './file-settings.ts';
import {
  choiceSchema,
  durationSchema,
  optionalSchema,
  rateSchema,
  shareSchema,
  urlSchema,
  wholeSchema,
} from './setting-schemas.ts';

const packagedFile = fileURLToPath(new URL('../data/readings.csv', import.meta.url));

/** The settings that have a variable and a flag. */
export const settings = {
  mode: setting('mode', 'share', {
    schema: choiceSchema('share', 'copy'),
    meaning:
      'share: all senders share one replay; copy: each sender sends the whole file in a replay of its own',
  }),
  replay: setting('replay', '', {
    schema: optionalSchema(replayNameSchema),
    meaning: 'Name of the replay. Default: derived from the name and the content of the file',
  }),
  name: setting('name', '', {
    schema: optionalSchema(senderNameSchema),
    meaning: 'Name of this sender. Default: derived from the host name',
  }),
  file: setting('file', '', {
    schema: z.string().transform((path) => path || packagedFile),
    meaning:
      'CSV file of readings, which may be compressed with gzip; - reads standard input. Default: a file that comes with the sender',
  }),
  apiUrl: setting('api-url', 'http://127.0.0.1:5000', {
    schema: urlSchema,
    meaning: 'Base URL of the API',
  }),
  rate: setting('rate', '2', {
    schema: rateSchema,
    meaning: 'Rows per second; 0: as fast as the API answers',
  }),
  rateOf: setting('rate-of', 'total', {
    schema: choiceSchema('total', 'sender'),
    meaning: 'total: all senders of the replay share the rate; sender: each sender has this rate',
  }),
  loops: setting('loop', '0', {
    schema: wholeSchema(0, 1_000_000_000),
    meaning: 'How many times the file is sent; 0: endlessly',
  }),
  sensorId: setting('sensor-id', '', {
    schema: optionalSchema(sensorIdSchema),
    meaning:
      'Sensor of rows without a sensor_id; with --mode copy, of all rows. Default: "replay", or <file>-<sender> for a copy',
  }),
  backfill: setting('backfill', '1000', {
    schema: wholeSchema(0, 100_000),
    meaning:
      'Number of rows with past timestamps that are sent first if the API has no readings and --loop is 0; 0: none',
  }),
  backfillSpanMs: setting('backfill-span', '1h', {
    schema: durationSchema('1s', '8760h'),
    meaning: 'Time range before now over which the timestamps of the backfill are spread',
  }),
  timestamps: setting('timestamps', 'arrival', {
    schema: choiceSchema('arrival', 'file', 'now'),
    meaning:
      'Timestamps of readings. arrival: set by the API; file: those of the file; now: start of the replay plus the time since the first row of the file',
  }),
  speed: setting('speed', '100%', {
    schema: shareSchema(0, 10_000),
    meaning:
      'Speed relative to the timestamps of the file, with --timestamps file or now; 0: rows are due by --rate',
  }),
  maxGapMs: setting('max-gap', '0', {
    schema: durationSchema('0', '8760h'),
    meaning: 'Pauses in the file that are longer than this are shortened to it; 0: no pause is shortened',
  }),
  jitter: setting('jitter', '0%', {
    schema: shareSchema(0, 1),
    meaning: 'Largest share of the time between rows by which a row is sent earlier or later, at random',
  }),
  faults: setting('faults', '', {
    schema: faultsSchema,
    meaning: 'Simulated faults and their shares of the rows, as in dup:1%,drop:0.5%,late:2%,garbage:0.1%',
  }),
  seed: setting('seed', '1', {
    schema: wholeSchema(0, 4_294_967_295),
    meaning: 'Seed of simulated faults and jitter; the same seed repeats them',
  }),
  ...fileSettings,
  concurrency: setting('concurrency', '16', {
    schema: wholeSchema(1, 1000),
    meaning: 'Maximum number of requests in flight',
  }),
  batch: setting('batch', '1', {
    schema: wholeSchema(1, maxLeaseRows),
    meaning: 'Maximum number of rows per request',
  }),
  format: setting('format', 'json', {
    schema: choiceSchema('json', 'ndjson'),
    meaning: 'json: one reading or an array per request; ndjson: one reading per line',
  }),
  late: setting('late', 'wait', {
    schema: choiceSchema('wait', 'drop'),
    meaning: 'wait: rows that are later than --max-lag are sent; drop: they are not sent',
  }),
  maxLagMs: setting('max-lag', '1s', {
    schema: durationSchema('1ms', '24h'),
    meaning: 'A row that is sent later than this after it was due counts as late',
  }),
  chunk: setting('chunk', '0', {
    schema: wholeSchema(0, maxLeaseRows),
    meaning: 'Number of rows per lease; 0: as many as are sent in about 5 s',
  }),
  timeoutMs: setting('timeout', '10s', {
    schema: durationSchema('1ms', '10m'),
    meaning: 'How long a request may take before it is retried; a number without a unit is in milliseconds',
  }),
  readyTimeoutMs: setting('ready-timeout', '0', {
    schema: durationSchema('0', '24h'),
    meaning: 'How long to wait for the API at the start; 0: no limit',
  }),
  heartbeatFile: setting('heartbeat-file', '', {
    schema: z.string(),
    meaning: 'File that is touched every 5 s, for health checks. Default: none',
  }),
  metricsPort: setting('metrics-port', '0', {
    schema: wholeSchema(0, 65_535),
    meaning: 'Port of GET /metrics for Prometheus; 0: none',
  }),
};

/** Settings of a single run, which have flags but no variables. */
export const runSettings = {
  isDryRun: switchSetting(
    'dry-run',
    'Report how the file is read, what would be sent and how long it takes; send nothing',
  ),
  isHeaderless: switchSetting(
    'no-header',
    'The file has no line of column names; --columns names its columns by their positions, as in "temperature=2"',
  ),
  isRestart: switchSetting('restart', 'Forget the progress of the replay and send the file again'),
  expectations: runSetting('expect', undefined, {
    schema: expectationsSchema.optional(),
    meaning: 'Exit with 1 if the summary does not meet these expectations, as in "p99<50ms,lost=0,dup=0"',
  }),
  isFindMax: switchSetting(
    'find-max',
    'Find the highest rate within the limits below; the readings are stored under the sensor find-max',
  ),
  findMaxP99Ms: runSetting('find-max-p99', '50ms', {
    schema: durationSchema('1ms', '10m'),
    meaning: 'With --find-max: highest 99th percentile of latency',
  }),
  findMaxShedShare: runSetting('find-max-shed', '1%', {
    schema: shareSchema(0, 1),
    meaning: 'With --find-max: highest share of attempts answered 429 or 503, and of dropped rows',
  }),
  findMaxHoldMs: runSetting('find-max-hold', '30s', {
    schema: durationSchema('1s', '1h'),
    meaning: 'With --find-max: how long the rate must be held',
  }),
  json: switchSetting('json', 'Print the summary as one line of JSON'),
};

type Settings = typeof settings & typeof runSettings;
export type Config = Readonly<{ [Key in keyof Settings]: z.infer<Settings[Key]['schema']> }>;
