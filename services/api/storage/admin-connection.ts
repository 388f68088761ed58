import { type Connection, createConnection as connect } from 'mysql2/promise';
import { exactValues } from './pool.ts';

/** Opens one connection for maintenance commands. Times are UTC text, as in `createPool`. */
export async function createAdminConnection(databaseUrl: string): Promise<Connection> {
  const connection = await connect({
    uri: databaseUrl,
    connectTimeout: 5000,
    timezone: 'Z',
    dateStrings: true,
    charset: 'utf8mb4_bin',
    ...exactValues,
  });
  await connection.query("SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'");
  return connection;
}
