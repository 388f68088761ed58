import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Replay, replaysSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import mysql from 'mysql2/promise';
import { type Child, startChild } from '../faults/child.ts';
import { findFreePorts } from '../testing/free-ports.ts';

const root = join(import.meta.dirname, '../..');
const apiPassword = 'only-for-tests';

export interface Stack {
  apiUrl: string;
  directory: string;
  findReplay: (name: string) => Promise<Replay | undefined>;
  /** How many readings of a sensor are stored, and under how many ids. */
  countStored: (sensorId: string) => Promise<{ rows: number; ids: number }>;
  stop: () => Promise<void>;
}

/** An API process on an empty database of a real server, which `adminUrl` names. */
export async function startStack(adminUrl: string): Promise<Stack> {
  const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-sender-'));
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const schemaUrl = new URL(schema, adminUrl);
  const environment = { PATH: '/usr/bin:/bin', DATABASE_PASSWORD: apiPassword };
  execFileSync(process.execPath, [join(root, 'services/api/migrate.ts')], {
    env: { ...environment, DATABASE_ADMIN_URL: schemaUrl.href },
  });
  const [port] = await findFreePorts(1);
  const apiUrl = `http://127.0.0.1:${port}`;
  const api = startChild({
    ...{ name: 'api', directory, readyText: '"msg":"listening"' },
    command: [process.execPath, join(root, 'services/api/main.ts')],
    environment: {
      ...environment,
      API_PORT: String(port),
      DATABASE_URL: `mysql://sentinel_api@${schemaUrl.host}/${schema}`,
    },
  });
  await api.ready;
  const connection = await mysql.createConnection(schemaUrl.href);
  return {
    apiUrl,
    directory,
    async findReplay(name) {
      const { data } = await axios.get<unknown>(`${apiUrl}/replays`);
      return replaysSchema.parse(data).replays.find((replay) => replay.name === name);
    },
    async countStored(sensorId) {
      const sql = 'SELECT COUNT(*) AS `rows`, COUNT(DISTINCT id) AS ids FROM readings WHERE sensor_id = ?';
      const [[counts]] = await connection.query<mysql.RowDataPacket[]>(sql, [sensorId]);
      return { rows: Number(counts?.rows), ids: Number(counts?.ids) };
    },
    async stop() {
      api.signal('SIGTERM');
      await api.exited;
      await connection.query('DROP DATABASE ??', [schema]);
      await connection.end();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface SenderOptions {
  stack: Pick<Stack, 'apiUrl' | 'directory'>;
  name: string;
  args: readonly string[];
}

/** A sender process; it is ready once it asks for the API. */
export function startSender({ stack, name, args }: SenderOptions): Child {
  const settings = ['--api-url', stack.apiUrl, '--name', name, '--json', ...args];
  return startChild({
    ...{ name, directory: stack.directory, readyText: '{' },
    command: [process.execPath, join(root, 'services/sender/main.ts'), ...settings],
    environment: { PATH: '/usr/bin:/bin' },
  });
}
