import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import { requireServerProgram } from '@sensor-sentinel/start/required-programs.ts';
import mysql from 'mysql2/promise';
import { createDatabaseServer, type DatabaseServer } from '../faults/database-server.ts';
import { type Replica, startReplica } from '../faults/replica.ts';

export interface Replicas {
  database: DatabaseServer;
  replicas: readonly [Replica, Replica];
  /** The number of the lease, and the replica that evaluates the rules under it; undefined if it is gone. */
  findEvaluating: () => Promise<{ fence: number; replica: Replica | undefined }>;
}

interface StartOptions {
  directory: string;
  settings: Readonly<Record<string, string>>;
  /** Filled with functions that end each part, in the order of their start. */
  cleanUps: (() => unknown)[];
}

/** Two APIs on a database server of their own. */
export async function startReplicas({ directory, settings, cleanUps }: StartOptions): Promise<Replicas> {
  const databasePort = await findFreePort();
  const database = createDatabaseServer({
    program: requireServerProgram(() => undefined),
    directory,
    dataDirectory: join(directory, 'database'),
    port: databasePort,
  });
  cleanUps.push(database.kill);
  await database.start();
  database.migrate();
  const names = ['api-1', 'api-2'] as const;

  async function start(name: string): Promise<Replica> {
    const { apiPassword: databasePassword } = database;
    const port = await findFreePort();
    const replica = startReplica({ name, directory, port, databasePort, databasePassword, settings });
    cleanUps.push(replica.kill);
    await replica.ready();
    return replica;
  }
  const replicas = [await start(names[0]), await start(names[1])] as const;

  async function findEvaluating() {
    const fence = await readFence(database.adminUrl);
    const index = names.findIndex((name) =>
      readFileSync(join(directory, `${name}.log`), 'utf8').includes(`"fence":${fence},`),
    );
    return { fence, replica: replicas[index] };
  }
  return { database, replicas, findEvaluating };
}

async function readFence(adminUrl: string): Promise<number> {
  const connection = await mysql.createConnection(adminUrl);
  try {
    const [[row]] = await connection.query<(mysql.RowDataPacket & { fence: number })[]>(
      'SELECT fence FROM rule_evaluation WHERE id = 1',
    );
    return row?.fence ?? 0;
  } finally {
    await connection.end();
  }
}
