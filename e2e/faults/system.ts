import { join } from 'node:path';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import type { ServerProgram } from '@sensor-sentinel/start/required-programs.ts';
import { createDatabaseServer, type DatabaseServer } from './database-server.ts';
import { Progress } from './progress.ts';
import { type Replica, startReplica } from './replica.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

export interface System {
  database: DatabaseServer;
  replicas: readonly [Replica, Replica];
  /** One per replica, in the same order. */
  proxies: readonly [TcpProxy, TcpProxy];
  /** Holds the database, where this process may mount it. */
  disk: SmallDisk | undefined;
  progress: Progress;
}

const diskMegabytes = 384;

interface StartOptions {
  directory: string;
  program: ServerProgram;
  /** Filled with functions that end each part, in the order of their start. */
  cleanUps: (() => unknown)[];
}

/** Two APIs, each with its own proxy to one database on a small disk. */
export async function startSystem({ directory, program, cleanUps }: StartOptions): Promise<System> {
  const place = join(directory, 'disk');
  const disk = mountSmallDisk(place, diskMegabytes);
  if (disk) cleanUps.push(disk.unmount);
  const port = await findFreePort();
  const dataDirectory = join(place, 'database');
  const database = createDatabaseServer({ program, directory, dataDirectory, port });
  cleanUps.push(database.kill);
  await database.start();
  database.migrate();

  async function connect(name: string) {
    const databasePort = await findFreePort();
    const proxy = await startProxy(databasePort, port);
    const { apiPassword: databasePassword } = database;
    const replica = startReplica({
      name,
      directory,
      port: await findFreePort(),
      databasePort,
      databasePassword,
    });
    cleanUps.push(proxy.close, replica.kill);
    return { proxy, replica };
  }
  const [one, other] = [await connect('api-1'), await connect('api-2')];
  await Promise.all([one.replica.ready(), other.replica.ready()]);
  const replicas = [one.replica, other.replica] as const;
  return { database, replicas, proxies: [one.proxy, other.proxy], disk, progress: new Progress() };
}
