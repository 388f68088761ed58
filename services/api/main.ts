import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { config as loadDotenv } from 'dotenv';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type ApiConfig, ConfigError, parseConfig } from './config.ts';
import { createGroupCommit } from './ingest/group-commit.ts';
import { createIngest } from './ingest/ingest.ts';
import { createModels } from './models/create-models.ts';
import { keepFollowing } from './models/keep-following.ts';
import { insertReadings } from './storage/insert-readings.ts';
import { type CallbackPool, createPool } from './storage/pool.ts';

const maxRowsPerCommit = 1000;
const drainMs = 8000;
/** Replicas serve what is activated on one of them about so much later. */
const followIntervalMs = 1000;
/** How long the start waits for the database to say which model serves; until it does, nothing is scored. */
const modelGraceMs = 3000;

function readConfig(): ApiConfig {
  loadDotenv({ quiet: true });
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`The API cannot start:\n${error.message}\n`);
    process.exit(2);
  }
}

/** Takes no more connections; resolves when the last answer is sent. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const closingIdle = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(closingIdle);
      resolve();
    });
  });
}

function endPool(pool: CallbackPool): Promise<void> {
  return new Promise((resolve) => pool.end(() => resolve()));
}

async function start(config: ApiConfig): Promise<void> {
  const log = pino({ level: config.logLevel });
  const { databaseUrl } = config;
  const writing = createPool({ databaseUrl, connections: 2 });
  const reading = createPool({ databaseUrl, connections: 8 });
  const groupCommit = createGroupCommit({
    commit: (rows) => insertReadings(writing, rows),
    maxRowsPerCommit,
    maxQueuedRows: config.maxQueuedReadings,
  });
  const now = () => new Date();
  const ingest = createIngest({ groupCommit, now });
  const { modelDirectory: directory, modelName } = config;
  const models = createModels({ directory, modelName, pool: reading, log, now });
  await Promise.race([models.follower.follow(), delay(modelGraceMs)]);
  const following = keepFollowing({ follow: models.follower.follow, intervalMs: followIntervalMs });
  const app = createApp({ ...config, ingest, models, pool: reading, log, now });

  const server = app.listen(config.port, config.host, (error) => {
    if (error) {
      process.stderr.write(
        `The API cannot listen on ${config.host}:${config.port}: ${error.message}. Set API_PORT.\n`,
      );
      process.exit(1);
    }
    log.info(server.address(), 'listening');
  });

  async function stop(signal: string): Promise<void> {
    log.info({ signal }, 'stopping');
    following.stop();
    await Promise.race([close(server).then(() => groupCommit.flush()), delay(drainMs)]);
    await Promise.race([Promise.all([endPool(writing), endPool(reading)]), delay(1000)]);
    process.exit(0);
  }
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

await start(readConfig());
