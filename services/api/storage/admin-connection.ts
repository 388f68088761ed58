import { type Connection, createConnection as connect } from 'mysql2/promise';

/** One connection of a process that keeps the tables; times are UTC text, as everywhere. */
export async function createAdminConnection(databaseUrl: string): Promise<Connection> {
  const connection = await connect({
    uri: databaseUrl,
    connectTimeout: 5000,
    timezone: 'Z',
    dateStrings: true,
    charset: 'utf8mb4_bin',
  });
  await connection.query("SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'");
  return connection;
}
