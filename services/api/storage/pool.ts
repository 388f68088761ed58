import mysql, { type Pool as CallbackPool } from 'mysql2';

interface PoolOptions {
  databaseUrl: string;
  connections: number;
}

/** Everything that mysql2 leaves unbounded or local is bounded and UTC here. */
export function createPool({ databaseUrl, connections }: PoolOptions): CallbackPool {
  const url = new URL(databaseUrl);
  const pool = mysql.createPool({
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    connectionLimit: connections,
    maxIdle: connections,
    queueLimit: 200,
    connectTimeout: 3000,
    timezone: 'Z',
    dateStrings: true,
    charset: 'utf8mb4_bin',
    enableKeepAlive: true,
    flags: ['-FOUND_ROWS'],
  });
  pool.on('connection', (connection) => {
    connection.query("SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'");
  });
  return pool;
}

export type { CallbackPool };

/** How long a statement may take before the database counts as away. */
export const statementTimeoutMs = 8000;
