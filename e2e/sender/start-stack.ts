import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Replay, replaysSchema } from '@sensor-sentinel/contracts';
import { type Child, startChild } from '@sensor-sentinel/start/child-process.ts';
import axios from 'axios';
import mysql from 'mysql2/promise';
import { startApi } from '../testing/start-api.ts';

const root = join(import.meta.dirname, '../..');

export interface Stack {
  apiUrl: string;
  directory: string;
  findReplay: (name: string) => Promise<Replay | undefined>;
  /** The number of stored readings of a sensor, and of their ids. */
  countStored: (sensorId: string) => Promise<{ rows: number; ids: number }>;
  stop: () => Promise<void>;
}

/** An API process on an empty database of a real server, which `adminUrl` names. */
export async function startStack(adminUrl: string): Promise<Stack> {
  const directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-sender-'));
  const api = await startApi({ adminUrl, directory });
  const { url: apiUrl } = api;
  const connection = await mysql.createConnection(api.databaseUrl);
  return {
    apiUrl,
    directory,
    async findReplay(name) {
      const { data } = await axios.get<unknown>(`${apiUrl}/replays`);
      return replaysSchema.parse(data).replays.find((replay) => replay.name === name);
    },
    async countStored(sensorId) {
      const sql =
        'SELECT COUNT(*) AS `rows`, COUNT(DISTINCT id) AS ids FROM readings WHERE sensor = (SELECT id FROM sensors WHERE name = ?)';
      const [[counts]] = await connection.query<mysql.RowDataPacket[]>(sql, [sensorId]);
      return { rows: Number(counts?.rows), ids: Number(counts?.ids) };
    },
    async stop() {
      await connection.end();
      await api.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface SenderOptions {
  stack: Pick<Stack, 'apiUrl' | 'directory'>;
  name: string;
  args: readonly string[];
}

/** A sender process. */
export function startSender({ stack, name, args }: SenderOptions): Child {
  const settings = ['--api-url', stack.apiUrl, '--name', name, '--json', ...args];
  return startChild({
    ...{ name, directory: stack.directory, logFile: join(stack.directory, `${name}.log`) },
    command: [process.execPath, join(root, 'services/sender/main.ts'), ...settings],
    environment: { PATH: '/usr/bin:/bin' },
    isIsolated: true,
  });
}
