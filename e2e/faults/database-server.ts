import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild, waitUntilReady } from '@sensor-sentinel/start/child-process.ts';
import { initializeDatabase } from '@sensor-sentinel/start/database/initialize.ts';
import { acceptsConnections } from '@sensor-sentinel/start/database/start-database.ts';
import { asCurrentUser, type ServerProgram } from '@sensor-sentinel/start/required-programs.ts';

interface DatabaseOptions {
  program: ServerProgram;
  /** For logs and temporary files. */
  directory: string;
  dataDirectory: string;
  port: number;
}

/** Settings for small files and a fast restart. */
const smallFiles: Readonly<Record<ServerProgram['flavour'], readonly string[]>> = {
  MariaDB: ['--innodb-buffer-pool-size=48M', '--innodb-log-file-size=16M'],
  MySQL: ['--innodb-buffer-pool-size=48M', '--innodb-redo-log-capacity=32M', '--mysqlx=OFF'],
};

/** Runs a command of the API. @throws with its output when it fails */
function runCommand(program: string, environment: Record<string, string>): void {
  const script = join(import.meta.dirname, '../../services/api', program);
  const env = { PATH: '/usr/bin:/bin', ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}${stdout}`);
}

export type DatabaseServer = ReturnType<typeof createDatabaseServer>;

/** A private server with an empty database, not yet started. Every commit is flushed. */
export function createDatabaseServer({ program, directory, dataDirectory, port }: DatabaseOptions) {
  initializeDatabase({ program, directory: dataDirectory, temporary: directory });
  const [rootPassword, apiPassword] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')];
  const serverUrl = `mysql://root:${rootPassword}@127.0.0.1:${port}/`;
  const adminUrl = `${serverUrl}sentinel`;
  const initFile = join(directory, 'init.sql');
  const setPassword = `ALTER USER 'root'@'localhost' IDENTIFIED BY '${rootPassword}';\n`;
  writeFileSync(initFile, setPassword, { mode: 0o600 });
  const flags = [
    '--no-defaults',
    ...asCurrentUser,
    `--datadir=${dataDirectory}`,
    `--tmpdir=${directory}`,
    '--socket=',
    `--pid-file=${join(directory, 'd.pid')}`,
    `--init-file=${initFile}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--innodb-flush-log-at-trx-commit=1',
    '--sync-binlog=1',
    ...smallFiles[program.flavour],
  ];
  let child: Child | undefined;
  return {
    /** As root, with the name of the database. */
    adminUrl,
    apiPassword,
    /** Resolves once it takes connections. */
    start(): Promise<void> {
      const logFile = join(directory, 'database.log');
      child = startChild({ name: 'database', logFile, command: [program.path, ...flags] });
      return waitUntilReady({ child, limitMs: 60_000, isReady: () => acceptsConnections(serverUrl) });
    },
    /** Creates the tables of the API. */
    migrate: () =>
      runCommand('cli/migrate.ts', { DATABASE_ADMIN_URL: adminUrl, DATABASE_PASSWORD: apiPassword }),
    /** Runs `npm run verify`. @throws where the rollups differ from the rows */
    verify: () => runCommand('cli/verify.ts', { DATABASE_ADMIN_URL: adminUrl }),
    /** Sends SIGKILL; resolves when the process is gone. */
    async kill(): Promise<void> {
      child?.signal('SIGKILL');
      await child?.exited;
    },
    pause: () => child?.signal('SIGSTOP'),
    resume: () => child?.signal('SIGCONT'),
    hasExited: () => child?.hasExited() ?? true,
  };
}
