import { join } from 'node:path';
import { config as loadDotenv } from 'dotenv';

/**
 * Reads `.env`. If no variable names a database, the commands use the private one of `npm start`, which writes its accounts to
 * `database.env` while it runs.
 */
export function loadEnvironment(): void {
  loadDotenv({ quiet: true });
  const { DATA_DIR, DATABASE_URL, DATABASE_ADMIN_URL, RETENTION_DATABASE_URL } = process.env;
  if (DATABASE_URL || DATABASE_ADMIN_URL || RETENTION_DATABASE_URL) return;
  // The file also clears the passwords that `.env` has for another database.
  loadDotenv({ path: join(DATA_DIR || '.data', 'database.env'), override: true, quiet: true });
}
