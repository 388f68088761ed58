import mysql, { type PoolOptions as MysqlPoolOptions } from 'mysql2';
import type { Pool } from 'mysql2/promise';

const sessionSettings = "SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'";
const isolationSettings = {
  reading: ['SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ'],
  writing: ['SET innodb_lock_wait_timeout = 2', 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'],
};

interface PoolOptions {
  databaseUrl: string;
  connections: number;
  /** For transactions: allows multiple statements per query, and uses READ COMMITTED, which locks only changed rows. */
  isWriting?: boolean;
}

/** A pool with bounded connections, queue and connect timeout. All times are UTC text. */
export function createPool({ databaseUrl, connections, isWriting = false }: PoolOptions): Pool {
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
    ...exactValues,
    multipleStatements: isWriting,
  });
  pool.on('connection', (connection) => {
    const settings = [sessionSettings, ...isolationSettings[isWriting ? 'writing' : 'reading']];
    for (const sql of settings) connection.query(sql);
  });
  return pool.promise();
}

/** One pool per kind of work, so that no kind waits for connections of another. */
export function createPools(databaseUrl: string) {
  return {
    /** Commits of readings, rollups and the ledger. */
    writing: createPool({ databaseUrl, connections: 4, isWriting: true }),
    /** Polling and probes: the event stream, sensor states, readiness, the active model. */
    following: createPool({ databaseUrl, connections: 3 }),
    /** Queries of clients. */
    reading: createPool({ databaseUrl, connections: 8 }),
    /** Other transactions: feedback and replays. */
    changing: createPool({ databaseUrl, connections: 4, isWriting: true }),
  };
}

export type Pools = ReturnType<typeof createPools>;

/**
 * Options of mysql2 for every connection. Its parser may lose the last bit of a DOUBLE with seventeen digits. JSON is read as
 * text, which mappers parse.
 */
export const exactValues = {
  jsonStrings: true,
  typeCast: (field, next) => (field.type === 'DOUBLE' ? toDouble(field.string()) : next()),
} as const satisfies MysqlPoolOptions;

function toDouble(text: string | null): number | null {
  return text === null ? null : Number(text);
}
