import type { Config } from './config-schema.ts';

export type Setting = { variable: string; flag: string; preset: string; meaning: string };

/** `preset` is the text that counts where nothing is given. */
function setting(flag: string, preset: string, meaning: string): Setting {
  return { variable: `SENDER_${flag.toUpperCase().replaceAll('-', '_')}`, flag, preset, meaning };
}

export const settings: Readonly<Record<keyof Config, Setting>> = {
  mode: setting('mode', 'share', 'share: all senders share one replay; copy: each sends the whole file'),
  replay: setting(
    'replay',
    '',
    'name of the replay; nothing: made from the name of the file and its content',
  ),
  name: setting('name', '', 'name of this sender; nothing: made from the name of the host'),
  file: setting('file', '', 'CSV file of readings, also gzip; -: standard input; nothing: the packaged file'),
  apiUrl: setting('api-url', 'http://127.0.0.1:5000', 'where the API is'),
  rate: setting('rate', '2', 'rows per second; 0: as fast as the API answers'),
  rateOf: setting(
    'rate-of',
    'total',
    'total: the rate of all senders of the replay together; sender: of each',
  ),
  loops: setting('loop', '0', 'how many times the whole file is sent; 0: for ever'),
  sensorId: setting(
    'sensor-id',
    '',
    'sensor of rows that name none; in copies, of all. Nothing: replay; in copies, file and sender',
  ),
  backfill: setting(
    'backfill',
    '1000',
    'rows that an API without readings is given at once, when the file is sent for ever; 0: none',
  ),
  backfillSpanMs: setting('backfill-span', '1h', 'time over which these rows are stamped back, evenly'),
  timestamps: setting(
    'timestamps',
    'arrival',
    'arrival: a row is stamped when the API gets it; file: by its column timestamp; now: from the start of the replay on, spaced as in the file',
  ),
  speed: setting(
    'speed',
    '100%',
    'with timestamps of the file or now: how fast its time passes; 0: not spaced',
  ),
  maxGapMs: setting('max-gap', '0', 'longer pauses of the file are shortened to this; 0: none is'),
  jitter: setting('jitter', '0%', 'part of the spacing by which a row goes earlier or later'),
  faults: setting('faults', '', 'what goes wrong on purpose, as in dup:1%,drop:0.5%,late:2%,garbage:0.1%'),
  seed: setting('seed', '1', 'which rows faults and jitter befall'),
  columns: setting(
    'columns',
    '',
    'what columns are called in the file, as in "temperature=Temp (C),humidity=RH"',
  ),
  delimiter: setting('delimiter', '', 'one of , ; | or tab; nothing: found out'),
  label: setting(
    'label',
    '',
    'column of labels 0 and 1, for POST /truth; nothing: target, label or anomaly, if it holds just these',
  ),
  concurrency: setting('concurrency', '16', 'requests in flight at most'),
  batch: setting('batch', '1', 'rows per request'),
  format: setting('format', 'json', 'json: one reading, or an array; ndjson: a line for each'),
  late: setting(
    'late',
    'wait',
    'wait: a row that is late is sent all the same; drop: it is left out, and counted',
  ),
  maxLagMs: setting('max-lag', '1s', 'from when on a row counts as late'),
  chunk: setting('chunk', '0', 'rows that are leased at a time; 0: as many as are sent in about 5 s'),
  timeoutMs: setting(
    'timeout',
    '10s',
    'how long a request may wait for its answer; a number without unit is milliseconds',
  ),
  readyTimeoutMs: setting(
    'ready-timeout',
    '0',
    'how long to wait at the start for the API to be ready; 0: for ever',
  ),
  heartbeatFile: setting(
    'heartbeat-file',
    '',
    'file touched every 5 s while the sender lives, for a health check; nothing: none',
  ),
  metricsPort: setting('metrics-port', '0', 'where GET /metrics is answered for Prometheus; 0: nowhere'),
};
