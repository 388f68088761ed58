import mysql from 'mysql2';
import type { Pool } from 'mysql2/promise';

const sessionSettings = "SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'";
const writingSettings = `${sessionSettings}, innodb_lock_wait_timeout = 2;
  SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`;

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
    // mysql2's parser may lose the last bit of a DOUBLE with seventeen digits.
    typeCast: (field, next) => (field.type === 'DOUBLE' ? toDouble(field.string()) : next()),
    multipleStatements: isWriting,
  });
  pool.on('connection', (connection) => {
    connection.query(isWriting ? writingSettings : sessionSettings);
  });
  return pool.promise();
}

function toDouble(text: string | null): number | null {
  return text === null ? null : Number(text);
}
