import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  defaultTypeName,
  maxBatchLength,
  numberFromQuery,
  positiveDurationSchema,
  toDurationMs,
  toIssueTexts,
  typeNameSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { bestModelName } from './features/models/model-registry.ts';
import { maxRowsPerCommit } from './features/readings/group-commit.ts';
import { foldIntervalMs } from './features/statistics/rollups/fold-deltas.ts';

const packagedModels = fileURLToPath(new URL('../../model/artifacts', import.meta.url));

const integer = numberFromQuery.pipe(z.int());
const positive = integer.pipe(z.int().positive());

/** `a, b` → `['a', 'b']` */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);

/** The descriptions become docs/settings.md: `npm run docs:settings`. */
export const apiVariables = z.object({
  API_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the API listens on.'),
  API_PORT: integer.pipe(z.int().min(0).max(65535)).default(5000).describe('Port of the API.'),
  ALLOWED_HOSTS: list
    .default([])
    .describe(
      'Host names and addresses under which people open the dashboard and the API, separated by commas and without ports, such as `sensors.example,192.0.2.7`. `localhost` and the loopback addresses always work. `*` allows every name.',
    ),
  DATABASE_URL: z
    .url({ protocol: /^mysql$/, error: 'expected mysql://user@host:port/database' })
    .describe(
      'Database and account of the API, as in `mysql://sentinel_api@127.0.0.1:3306/sensor_sentinel`. The database server is MySQL 8.4 or newer, or MariaDB 10.11 or newer.',
    ),
  DATABASE_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe('Password of the account of the API, `sentinel_api`.'),
  DATABASE_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that contains the password of the account of the API, instead of `DATABASE_PASSWORD`.'),
  MODEL_DIR: z.string().min(1).default(packagedModels).describe('Folder of the artifacts.'),
  MODEL_NAME: z
    .string()
    .min(1)
    .max(255)
    .default(bestModelName)
    .describe(
      'Artifact that scores readings until another one is activated: its file name without `.json`, its own name, or `best`, the winner of cross-validation.',
    ),
  DEFAULT_TYPE: typeNameSchema
    .default(defaultTypeName)
    .describe('Sensor type of readings and queries that name none.'),
  MAX_TYPES: positive.default(100).describe('Maximum number of sensor types.'),
  MAX_SENSORS: positive.default(100_000).describe('Maximum number of sensors, of all types together.'),
  MAX_BODY_BYTES: positive
    .default(1_048_576)
    .describe('Maximum size of a request body, in bytes. Does not apply to NDJSON.'),
  MAX_BATCH_READINGS: positive
    .pipe(z.int().max(maxBatchLength))
    .default(maxBatchLength)
    .describe('Maximum number of readings in an array.'),
  MAX_LINE_BYTES: positive.default(16_384).describe('Maximum size of a line of NDJSON, in bytes.'),
  MAX_DECODED_BYTES: positive
    .default(1_073_741_824)
    .describe('Maximum size of a compressed NDJSON body after decompression, in bytes.'),
  MAX_QUEUED_READINGS: positive
    .default(20_000)
    .describe('Maximum number of readings that wait to be stored.'),
  MAX_QUEUE_AGE_MS: positive
    .default(2000)
    .describe(
      'Maximum age of the oldest queued reading, in milliseconds. While it is exceeded, the API accepts no readings.',
    ),
  MAX_REQUESTS: positive.default(2000).describe('Maximum number of concurrent requests.'),
  MAX_REQUESTS_PER_CLIENT: positive
    .default(1000)
    .describe('Maximum number of concurrent requests from one address.'),
  MAX_CONNECTIONS: positive.default(4000).describe('Maximum number of open connections.'),
  MAX_STREAMS: positive.default(200).describe('Maximum number of clients that follow `/stream`.'),
  MAX_EXPORTS: positive.default(4).describe('Maximum number of concurrent CSV exports.'),
  MAX_QUERIES: positive.default(64).describe('Maximum number of concurrent queries of stored readings.'),
  MAX_EXPLANATIONS: positive.default(8).describe('Maximum number of concurrent explanations and votes.'),
  MAX_INFERENCES: positive.default(16).describe('Maximum number of concurrent `/v2` inferences.'),
  TRUST_PROXY: integer
    .pipe(z.int().min(0).max(10))
    .default(0)
    .describe(
      'Number of trusted proxies in front of the API. With 1 or more, client addresses are taken from `X-Forwarded-For`.',
    ),
  REQUEST_TIMEOUT_MS: positive
    .default(30_000)
    .describe('Maximum time for a request to arrive completely, in milliseconds.'),
  IDLE_TIMEOUT_MS: positive
    .default(60_000)
    .describe('Time after which an idle connection is closed, in milliseconds.'),
  SILENT_AFTER_MS: positive
    .default(60_000)
    .describe(
      'Time without a reading after which a sensor counts as silent while its usual interval is not known, in milliseconds. The ledger counts longer pauses as gaps.',
    ),
  MAX_CLOCK_SKEW: positiveDurationSchema
    .default('5m')
    .describe(
      'How far the timestamp of a reading may be from its arrival, such as `30s` or `10m`. Rules count a reading beyond this at its arrival, and ignore one that is older, as a backfill.',
    ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'expected smtp://user:password@host:port' })
    .optional()
    .describe(
      'Mail server of notifications by e-mail, as in `smtp://user:password@mail.example:587` or, with TLS from the first byte, `smtps://user:password@mail.example`.',
    ),
  EXTERNAL_URL: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .default('http://localhost:8050')
    .describe('URL under which people open the dashboard, for the links in notifications.'),
  ALLOW_PRIVATE_RECEIVERS: z
    .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' })
    .default(false)
    .describe(
      '`true` allows receivers of notifications that are added through the API to have private, loopback and link-local addresses. Receivers from the file of rules may always have them.',
    ),
  RULES_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'YAML file of rules and receivers, such as `rules/rules.yaml`; [rules.example.yaml](../rules.example.yaml) shows every field. With Compose, it must be in the folder `rules`. A change takes effect within two seconds. If empty, no file is used.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe(
      'Least severe level that is logged: `fatal`, `error`, `warn`, `info`, `debug` or `trace`; or `silent` for no log.',
    ),
});

/** Settings without an environment variable; tests override them. */
const fixed = {
  maxRowsPerCommit,
  /** How often a replica polls for a newly activated model. */
  activationIntervalMs: 1000,
  /** How long the start waits for the first poll. Until it succeeds, nothing is scored. */
  activationGraceMs: 3000,
  /** Ledger flush interval. */
  ledgerIntervalMs: 500,
  /** How long a sensor's newest timestamp, by which late readings are counted, is cached. */
  newestAgeMs: 1000,
  foldIntervalMs,
  /** How often notifications that are due are sent. */
  deliveryIntervalMs: 1000,
  /** How often is checked which notifications are repeated, and which silences have ended. */
  repeatsIntervalMs: 15_000,
  /** Largest number of unsent bytes per client of the event stream. */
  /** The most readings that the preview of a rule evaluates. */
  maxPreviewReadings: 20_000_000,
  /** The most readings of a window that is kept in memory for the next preview. */
  maxKeptPreviewReadings: 1_000_000,
  /** How long idle connections stay open while the process stops. Longer than the keep-alive timeout of nginx. */
  idleGraceMs: 2000,
  /** How long the process waits for requests in progress when it stops. */
  drainMs: 8000,
};

export type ApiConfig = Readonly<ReturnType<typeof parseConfig>>;

/** An invalid environment; the message has one line per invalid variable. */
export class ConfigError extends Error {}

/** Takes an empty variable for an absent one, such as `MODEL_NAME=` in `.env`. */
function withoutEmpty(environment: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function readPassword(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new ConfigError(`DATABASE_PASSWORD_FILE: cannot read ${path}: ${String(cause)}`);
  }
}

/** Parses the environment. @throws ConfigError that lists every invalid variable */
export function parseConfig(environment: Record<string, string | undefined>) {
  const parsed = apiVariables.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw new ConfigError(toIssueTexts(parsed.error).join('\n'));
  const { DATABASE_PASSWORD_FILE: passwordFile, ...variables } = parsed.data;
  const databaseUrl = new URL(variables.DATABASE_URL);
  const password = passwordFile ? readPassword(passwordFile) : variables.DATABASE_PASSWORD;
  if (password !== undefined) databaseUrl.password = encodeURIComponent(password);
  return {
    host: variables.API_HOST,
    port: variables.API_PORT,
    allowedHosts: variables.ALLOWED_HOSTS,
    databaseUrl: databaseUrl.href,
    modelDirectory: variables.MODEL_DIR,
    modelName: variables.MODEL_NAME,
    defaultType: variables.DEFAULT_TYPE,
    maxTypes: variables.MAX_TYPES,
    maxSensors: variables.MAX_SENSORS,
    maxBodyBytes: variables.MAX_BODY_BYTES,
    maxBatchReadings: variables.MAX_BATCH_READINGS,
    maxLineBytes: variables.MAX_LINE_BYTES,
    maxDecodedBytes: variables.MAX_DECODED_BYTES,
    maxQueuedReadings: variables.MAX_QUEUED_READINGS,
    maxQueueAgeMs: variables.MAX_QUEUE_AGE_MS,
    maxRequests: variables.MAX_REQUESTS,
    maxRequestsPerClient: variables.MAX_REQUESTS_PER_CLIENT,
    maxConnections: variables.MAX_CONNECTIONS,
    maxStreams: variables.MAX_STREAMS,
    maxExports: variables.MAX_EXPORTS,
    maxQueries: variables.MAX_QUERIES,
    maxExplanations: variables.MAX_EXPLANATIONS,
    maxInferences: variables.MAX_INFERENCES,
    trustProxy: variables.TRUST_PROXY,
    requestTimeoutMs: variables.REQUEST_TIMEOUT_MS,
    idleTimeoutMs: variables.IDLE_TIMEOUT_MS,
    silentAfterMs: variables.SILENT_AFTER_MS,
    maxClockSkewMs: toDurationMs(variables.MAX_CLOCK_SKEW),
    smtpUrl: variables.SMTP_URL,
    externalUrl: variables.EXTERNAL_URL,
    allowPrivateReceivers: variables.ALLOW_PRIVATE_RECEIVERS,
    rulesFile: variables.RULES_FILE,
    /** For the variables that the rules file names. */
    environment,
    logLevel: variables.LOG_LEVEL,
    ...fixed,
  };
}
