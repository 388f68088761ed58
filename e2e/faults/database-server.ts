import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { asCurrentUser, makeDataDirectory, type ServerProgram, smallFiles } from './data-directory.ts';

export interface DatabaseServer {
  port: number;
  /** As root, with the name of the database. */
  adminUrl: string;
  apiPassword: string;
  /** Resolves once it takes connections. */
  start: () => Promise<void>;
  /** Creates the tables of the API. */
  migrate: () => void;
  /** Runs `npm run verify`. @throws where the rollups differ from the rows */
  verify: () => void;
  /** Sends SIGKILL; resolves when the process is gone. */
  kill: () => Promise<void>;
  pause: () => void;
  resume: () => void;
  hasExited: () => boolean;
}

interface DatabaseOptions {
  program: ServerProgram;
  /** For logs and sockets. */
  directory: string;
  dataDirectory: string;
  port: number;
}

const apiDirectory = join(import.meta.dirname, '../../services/api');

/** Runs a command of the API. @throws with its output when it fails */
function runCommand(program: string, environment: Record<string, string>): void {
  const options = { env: { PATH: '/usr/bin:/bin', ...environment }, encoding: 'utf8' as const };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(apiDirectory, program)], options);
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}${stdout}`);
}

/** A private server with an empty database, not yet started. Every commit is flushed. */
export function createDatabaseServer(options: DatabaseOptions): DatabaseServer {
  const { program, directory, dataDirectory, port } = options;
  makeDataDirectory(program, dataDirectory);
  const [rootPassword, apiPassword] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')];
  const adminUrl = `mysql://root:${rootPassword}@127.0.0.1:${port}/sentinel`;
  const initFile = join(directory, 'init.sql');
  writeFileSync(initFile, `ALTER USER 'root'@'localhost' IDENTIFIED BY '${rootPassword}';\n`, {
    mode: 0o600,
  });
  const command = [
    '--no-defaults',
    ...asCurrentUser,
    `--datadir=${dataDirectory}`,
    `--tmpdir=${directory}`,
    `--socket=${join(directory, 'd.sock')}`,
    `--pid-file=${join(directory, 'd.pid')}`,
    `--init-file=${initFile}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--innodb-flush-log-at-trx-commit=1',
    '--sync-binlog=1',
    ...smallFiles(program.isMariadb),
  ];
  let child: Child | undefined;
  return {
    port,
    adminUrl,
    apiPassword,
    start() {
      const readyText = 'ready for connections';
      child = startChild({ name: 'database', directory, readyText, command: [program.path, ...command] });
      return child.ready;
    },
    migrate: () =>
      runCommand('cli/migrate.ts', { DATABASE_ADMIN_URL: adminUrl, DATABASE_PASSWORD: apiPassword }),
    verify: () => runCommand('cli/verify.ts', { DATABASE_ADMIN_URL: adminUrl }),
    async kill() {
      child?.signal('SIGKILL');
      await child?.exited;
    },
    pause: () => child?.signal('SIGSTOP'),
    resume: () => child?.signal('SIGCONT'),
    hasExited: () => child?.hasExited() ?? true,
  };
}
