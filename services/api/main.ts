import { config as loadDotenv } from 'dotenv';
import { pino } from 'pino';
import { createApiProcess } from './api-process.ts';
import { type ApiConfig, ConfigError, parseConfig } from './config.ts';

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

const config = readConfig();
const log = pino({ level: config.logLevel });
const api = createApiProcess(config, { log, now: () => new Date(), environment: process.env });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    log.info({ signal }, 'stopping');
    await api.stop();
    process.exit(0);
  });
}

try {
  log.info(await api.listen(), 'listening');
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `The API cannot listen on ${config.host}:${config.port}: ${reason}. Set API_PORT to a free port.\n`,
  );
  process.exit(1);
}
