import { join } from 'node:path';
import { findFreePorts } from '../testing/free-ports.ts';
import type { ServerProgram } from './data-directory.ts';
import { createDatabaseServer } from './database-server.ts';
import type { Progress } from './progress.ts';
import { startReplica } from './replica.ts';
import { mountSmallDisk } from './small-disk.ts';
import type { System } from './strike.ts';
import { startWire } from './wire.ts';

const diskMegabytes = 384;

interface StartOptions {
  directory: string;
  server: ServerProgram;
  /** The program of the API. */
  program: string;
  progress: Progress;
  /** Filled with what ends each part, in the order of their start. */
  cleanUps: (() => unknown)[];
}

/** Two APIs, each with a wire of its own to one database on a small disk. */
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
    const wire = await startWire(databasePort, port);
    const { apiPassword: databasePassword } = database;
    const replica = startReplica({ name, program, directory, port: apiPort, databasePort, databasePassword });
    cleanUps.push(wire.close, replica.kill);
    return { wire, replica };
  }
  const [one, other] = [await connect('api-1'), await connect('api-2')];
  await Promise.all([one.replica.ready(), other.replica.ready()]);
  const replicas = [one.replica, other.replica] as const;
  return { database, replicas, wires: [one.wire, other.wire], disk, progress };
}
