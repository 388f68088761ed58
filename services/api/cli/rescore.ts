import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { parseConfig } from '../config.ts';
import { createActivationFollower } from '../features/models/activation-follower.ts';
import { createModelFolder } from '../features/models/model-folder.ts';
import { createModelRegistry } from '../features/models/model-registry.ts';
import { createModelsInUse } from '../features/models/models-in-use.ts';
import { describeNoModel } from '../features/models/no-model.ts';
import { rescoreReadings } from '../features/models/rescore.ts';
import { createTypeRegistry } from '../features/types/type-registry.ts';
import { createStorageKeys } from '../storage/keys.ts';
import { createPool } from '../storage/pool.ts';
import { loadEnvironment } from './load-environment.ts';

const usage = `npm run rescore -- [flags]

Scores the stored readings of a sensor type that have no prediction, with the model that is active for the type. It uses the
settings of the API, may run beside it, and may be interrupted and repeated.

  --type name    the sensor type                     DEFAULT_TYPE
  --since 7d     how far back: a number with m, h or d    all readings
  --help         print this help
`;

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `7d` → the time seven days ago, in ms since the epoch. @throws Error for other texts */
function parseSince(text: string | undefined, nowMs: number): number {
  if (text === undefined) return 0;
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw new Error(`--since "${text}": expected a number with m, h or d, as in 90m, 12h or 7d`);
  return Math.max(0, nowMs - Number(amount) * unitsMs[unit as keyof typeof unitsMs]); // the pattern has only these units
}

async function rescore(): Promise<void> {
  const { values } = parseArgs({
    options: { type: { type: 'string' }, since: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const sinceMs = parseSince(values.since, Date.now());
  const config = parseConfig(process.env);
  const log = pino({ level: 'error' }, pino.destination(2));
  const pool = createPool({ databaseUrl: config.databaseUrl, connections: 2, isWriting: true });
  try {
    const types = createTypeRegistry({ pool, defaultName: config.defaultType });
    const folder = createModelFolder(config.modelDirectory, new AbortController().signal);
    const inUse = createModelsInUse(log);
    const registry = createModelRegistry({ folder, inUse, types });
    const { modelName } = config;
    const follower = createActivationFollower({ folder, registry, inUse, types, modelName, pool, log });
    await follower.follow();
    const type = await types.require(values.type);
    const model = inUse.serving(type);
    if (model === undefined) throw new Error(describeNoModel(type));
    const { models } = createStorageKeys({ pool, maxSensors: config.maxSensors });
    const onProgress = ({ scored }: { scored: number }) =>
      process.stderr.write(`${scored} readings scored\n`);
    const counts = await rescoreReadings({ pool, type, model, models, sinceMs, onProgress });
    process.stdout.write(
      `${counts.scored} readings of the type ${type.name} scored by ${model.name}, ${counts.anomalies} of them anomalies` +
        `${counts.incomplete > 0 ? `; ${counts.incomplete} lack a value that the model needs` : ''}\n`,
    );
  } finally {
    await pool.end();
  }
}

loadEnvironment();

try {
  await rescore();
} catch (error) {
  process.stderr.write(`Rescoring failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
