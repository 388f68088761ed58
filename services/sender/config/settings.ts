import type { Config } from './config-schema.ts';

/** `preset` is the default, as text. */
export interface Setting {
  variable: string;
  flag: string;
  preset: string;
  meaning: string;
}

export const settings: Readonly<Record<keyof Config, Setting>> = {
  mode: setting(
    'mode',
    'share',
    'share: all senders share one replay; copy: each sender sends the whole file',
  ),
  replay: setting(
    'replay',
    '',
    'Name of the replay. Default: made from the name and the content of the file',
  ),
  name: setting('name', '', 'Name of this sender. Default: made from the host name'),
  file: setting(
    'file',
    '',
    'CSV file of readings, may be gzip; - reads standard input. Default: a file that comes with the sender',
  ),
  apiUrl: setting('api-url', 'http://127.0.0.1:5000', 'Base URL of the API'),
  rate: setting('rate', '2', 'Rows per second; 0: as fast as the API answers'),
  rateOf: setting(
    'rate-of',
    'total',
    'total: the rate is shared by all senders of the replay; sender: each has it',
  ),
  loops: setting('loop', '0', 'How many times the file is sent; 0: endlessly'),
  sensorId: setting(
    'sensor-id',
    '',
    'Sensor of rows that name none; with --mode copy, of all rows. Default: "replay", or <file>-<sender> for a copy',
  ),
  backfill: setting(
    'backfill',
    '1000',
    'Rows with past timestamps that an empty API gets first, if the file is sent endlessly; 0: none',
  ),
  backfillSpanMs: setting('backfill-span', '1h', 'The time before now over which the backfill is spread'),
  timestamps: setting(
    'timestamps',
    'arrival',
    'arrival: set by the API; file: those of the file; now: start of the replay plus the time in the file',
  ),
  speed: setting(
    'speed',
    '100%',
    'How fast the time of the file passes, with --timestamps file or now; 0: rows go by --rate',
  ),
  maxGapMs: setting('max-gap', '0', 'Longer pauses of the file are shortened to this; 0: none is'),
  jitter: setting('jitter', '0%', 'Random share of the time between rows by which a row is earlier or later'),
  faults: setting(
    'faults',
    '',
    'Faults on purpose and their share of the rows, as in dup:1%,drop:0.5%,late:2%,garbage:0.1%',
  ),
  seed: setting('seed', '1', 'Seed of faults and jitter; the same seed repeats them'),
  columns: setting('columns', '', 'Column names of the file, as in "temperature=Temp (C),humidity=RH"'),
  delimiter: setting('delimiter', '', 'One of , ; | or tab. Default: detected'),
  label: setting(
    'label',
    '',
    'Column of labels 0 and 1. Default: target, label or anomaly, if it holds only 0 and 1',
  ),
  concurrency: setting('concurrency', '16', 'Maximum number of requests in flight'),
  batch: setting('batch', '1', 'Maximum number of rows per request'),
  format: setting(
    'format',
    'json',
    'json: one reading or an array per request; ndjson: one reading per line',
  ),
  late: setting(
    'late',
    'wait',
    'wait: rows later than --max-lag are sent all the same; drop: they are left out',
  ),
  maxLagMs: setting('max-lag', '1s', 'How late a row may be sent before it counts as late'),
  chunk: setting('chunk', '0', 'Rows per lease; 0: as many as are sent in about 5 s'),
  timeoutMs: setting(
    'timeout',
    '10s',
    'How long a request may take; a number without a unit is milliseconds',
  ),
  readyTimeoutMs: setting(
    'ready-timeout',
    '0',
    'How long to wait for the API at the start; 0: without limit',
  ),
  heartbeatFile: setting(
    'heartbeat-file',
    '',
    'File that is touched every 5 s, for health checks. Default: none',
  ),
  metricsPort: setting('metrics-port', '0', 'Port of GET /metrics for Prometheus; 0: none'),
};

function setting(flag: string, preset: string, meaning: string): Setting {
  return { variable: `SENDER_${flag.toUpperCase().replaceAll('-', '_')}`, flag, preset, meaning };
}

const introduction = `Sends the readings of a CSV file to the API: at a steady rate, as fast as the API answers, or spaced by their timestamps.
Several senders can share one file. Each row is stored once, and a sender that is restarted continues.

Usage: npm run sender -- [flags]
`;

const notes = `Flags without a variable:
  --dry-run             Report the content, the format and the duration of the file; send nothing
  --restart             Forget the progress of the replay and send the file again
  --expect TEXT         Exit with 1 unless the summary meets these expectations, as in "p99<50ms,lost=0,dup=0"
  --find-max            Find the highest rate within the limits below; its readings are stored as sensor find-max
  --find-max-p99 50ms   Highest 99th percentile of latency
  --find-max-shed 1%    Highest share of attempts answered 429 or 503, and of rows dropped
  --find-max-hold 30s   How long the rate must be held
  --json                Print the summary as one line of JSON
  --help, -h            Print this help

A flag overrides its variable. Variables are also read from .env in the working directory.

The header of the file names the columns temperature, humidity and sound_volume, in any order. sensor_id, timestamp and
a column of labels are optional; other columns are ignored. Each line is one row. Invalid rows are reported and counted.

A request is retried with the same id after 408, 429, 502, 503, 504, a timeout or a connection error until it is
answered, and after 500 up to five times. Any other status than 200 rejects its rows; they are reported and counted.

On SIGINT or SIGTERM, requests in flight have 5 s to be answered, and the remaining rows are released to other senders.
A second signal ends the process at once.

Exit codes: 0 all rows were accepted, the expectations were met, or a signal stopped the sender; 1 a row was invalid,
dropped, rejected or not answered as expected, an expectation was not met, or the API was not ready in time; 2 the
settings, the file or the replay are invalid.

More in docs/sender.md.
`;

export function toHelp(): string {
  const lines = Object.values(settings).flatMap(({ variable, flag, preset, meaning }) => [
    `  ${`--${flag}`.padEnd(17)} ${variable.padEnd(22)} ${preset}`.trimEnd(),
    `      ${meaning}`,
  ]);
  const head = `  ${'Flag'.padEnd(17)} ${'Variable'.padEnd(22)} Default`;
  return `${introduction}\n${[head, ...lines].join('\n')}\n\n${notes}`;
}
