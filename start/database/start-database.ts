import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import mysql from 'mysql2/promise';
import { type Child, startChild, waitUntilReady } from '../child-process.ts';
import { findFreePort } from '../free-port.ts';
import { asCurrentUser, requireServerProgram, type ServerProgram } from '../required-programs.ts';
import { StartError } from '../start-error.ts';
import { initializeDatabase } from './initialize.ts';
import { loadSecrets } from './secrets.ts';

interface StartOptions {
  /** Where data, secrets and logs are kept. */
  directory: string;
  say: (line: string) => void;
  /** Hears of the process at once, so that it can be stopped before it is ready. */
  onSpawn?: (child: Child) => void;
}

export interface PrivateDatabase {
  child: Child;
  /** Starts the server again, on the same port, after it has ended. */
  restart: () => Child;
  /** As root, without a database name. */
  adminUrl: string;
  apiPassword: string;
  retentionPassword: string;
  port: number;
  stop: (limitMs: number) => Promise<void>;
}

export async function acceptsConnections(uri: string): Promise<boolean> {
  try {
    const connection = await mysql.createConnection({ uri, connectTimeout: 1000 });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, '.writable'), '');
    rmSync(join(directory, '.writable'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `the data directory ${directory} cannot be used (${reason}): set DATA_DIR to another`,
    );
  }
}

/** An empty folder for the temporary files of the server. What a kill leaves there is removed by the next start. */
function makeRuntimeDirectory(directory: string): string {
  const runtime = join(directory, 'runtime');
  rmSync(runtime, { recursive: true, force: true });
  mkdirSync(runtime, { mode: 0o700 });
  return runtime;
}

interface ServeOptions {
  program: ServerProgram;
  directory: string;
  runtime: string;
  port: number;
  /** SQL to run before the first connection. */
  initFile?: string;
  onSpawn: StartOptions['onSpawn'];
}

function serve({ program, directory, runtime, port, initFile, onSpawn }: ServeOptions): Child {
  const child = startChild({
    name: 'database',
    logFile: join(directory, 'logs', 'database.log'),
    command: [
      program.path,
      '--no-defaults',
      ...asCurrentUser,
      `--datadir=${join(directory, 'database')}`,
      // A server that starts removes all temporary tables from its tmpdir, also those of another server.
      `--tmpdir=${runtime}`,
      // No socket: the path of a socket is limited to about 100 characters, and all clients use TCP.
      '--socket=',
      `--pid-file=${join(runtime, 'mysqld.pid')}`,
      ...(initFile === undefined ? [] : [`--init-file=${initFile}`]),
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--innodb-buffer-pool-size=256M',
      ...(program.flavour === 'MySQL' ? ['--mysqlx=OFF'] : []),
    ],
  });
  onSpawn?.(child);
  return child;
}

/** Starts a MySQL or MariaDB of the project's own on a free port of 127.0.0.1. @throws StartError */
export async function startDatabase(options: StartOptions): Promise<PrivateDatabase> {
  const directory = resolve(options.directory);
  makeDirectory(directory);
  const program = requireServerProgram(options.say);
  if (!existsSync(join(directory, 'database'))) options.say('making the database');
  const runtime = makeRuntimeDirectory(directory);
  initializeDatabase({ program, directory: join(directory, 'database'), temporary: runtime });
  const secrets = loadSecrets(join(directory, 'secrets.json'));
  const port = await findFreePort();
  options.say(`starting the database (${program.flavour} ${program.version})`);
  const initFile = join(runtime, 'init.sql');
  const setPassword = `ALTER USER 'root'@'localhost' IDENTIFIED BY '${secrets.root}';\n`;
  writeFileSync(initFile, setPassword, { mode: 0o600 });
  const server = { program, directory, runtime, port, onSpawn: options.onSpawn };
  const child = serve({ ...server, initFile });
  let current = child;
  const removeInitFile = () => rmSync(initFile, { force: true });
  child.exited.then(removeInitFile);
  const restart = () => {
    // The server has kept the password that the init file gave it.
    current = serve(server);
    return current;
  };
  const stop = async (limitMs: number) => {
    await current.stop(limitMs);
    rmSync(runtime, { recursive: true, force: true });
  };
  const adminUrl = `mysql://root:${secrets.root}@127.0.0.1:${port}/`;
  try {
    await waitUntilReady({ child, limitMs: 60_000, isReady: () => acceptsConnections(adminUrl) });
  } catch (error) {
    await stop(5000);
    throw error;
  }
  // A server that accepts connections has read it.
  removeInitFile();
  return {
    child,
    restart,
    adminUrl,
    apiPassword: secrets.api,
    retentionPassword: secrets.retention,
    port,
    stop,
  };
}
