import { join } from 'node:path';
import { findFreePorts } from '../testing/free-ports.ts';
import type { ServerProgram } from './data-directory.ts';
import { createDatabaseServer } from './database-server.ts';
import type { System } from './inject-fault.ts';
import type { Progress } from './progress.ts';
import { startReplica } from './replica.ts';
import { mountSmallDisk } from './small-disk.ts';
import { startProxy } from './tcp-proxy.ts';

const diskMegabytes = 384;

interface StartOptions {
  directory: string;
  server: ServerProgram;
  /** The main file of the API. */
  program: string;
  progress: Progress;
  /** Filled with functions that end each part, in the order of their start. */
  cleanUps: (() => unknown)[];
}

/** Two APIs, each with its own proxy to one database on a small disk. */
export async function startSystem(options: StartOptions): Promise<System> {
  const { directory, server, program, progress, cleanUps } = options;
  const place = join(directory, 'disk');
  const disk = mountSmallDisk(place, diskMegabytes);
  if (disk) cleanUps.push(disk.unmount);
  const [port = 0, ...ports] = await findFreePorts(5);
  const dataDirectory = join(place, 'database');
  const database = createDatabaseServer({ program: server, directory, dataDirectory, port });
  cleanUps.push(database.kill);
  await database.start();
  database.migrate();

  async function connect(name: string) {
    const [databasePort = 0, apiPort = 0] = ports.splice(0, 2);
    const proxy = await startProxy(databasePort, port);
    const { apiPassword: databasePassword } = database;
    const replica = startReplica({ name, program, directory, port: apiPort, databasePort, databasePassword });
    cleanUps.push(proxy.close, replica.kill);
    return { proxy, replica };
  }
  const [one, other] = [await connect('api-1'), await connect('api-2')];
  await Promise.all([one.replica.ready(), other.replica.ready()]);
  const replicas = [one.replica, other.replica] as const;
  return { database, replicas, proxies: [one.proxy, other.proxy], disk, progress };
}
