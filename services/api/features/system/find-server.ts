import type { System } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';

type Server = NonNullable<System['database']['server']>;

/** @throws StorageError */
export async function findServer(pool: Pool): Promise<Server> {
  const [[settings], [status], tables] = await Promise.all([
    selectRows<SettingsRow>(pool, { sql: settingsSql }),
    selectRows<{ Value: string }>(pool, { sql: "SHOW GLOBAL STATUS LIKE 'Threads_connected'" }),
    selectRows<Server['tables'][number]>(pool, { sql: tablesSql }),
  ]);
  return {
    version: settings?.version ?? '',
    schema: settings?.schema_name?.replace(/\.sql$/, '') ?? '',
    connections: Number(status?.Value),
    max_connections: settings?.max_connections ?? 0,
    tables,
  };
}

interface SettingsRow {
  version: string;
  max_connections: number;
  schema_name: string | null;
}

const settingsSql = `SELECT VERSION() AS version, @@global.max_connections AS max_connections,
  (SELECT MAX(name) FROM schema_migrations) AS schema_name`;

/** The sizes are those that the server has counted last: MySQL counts again once a day. */
const tablesSql = `SELECT table_name AS name, CAST(COALESCE(table_rows, 0) AS SIGNED) AS \`rows\`,
    CAST(COALESCE(data_length + index_length, 0) AS SIGNED) AS bytes
  FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
  ORDER BY bytes DESC, name`;
