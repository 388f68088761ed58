import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ServerProgram {
  path: string;
  isMariadb: boolean;
  version: string;
}

const findProgram =
  'PATH="$PATH:/usr/local/sbin:/usr/sbin"; echo "$' +
  '{FAULTS_MYSQLD:-$(command -v mysqld || command -v mariadbd)}"';

/** The database server that FAULTS_MYSQLD names, else the one on the PATH. */
export function findServerProgram(): ServerProgram {
  const path = spawnSync('sh', ['-c', findProgram], { encoding: 'utf8' }).stdout.trim();
  if (path === '') throw new Error('no mysqld or mariadbd found: run `npm test`, or set FAULTS_MYSQLD');
  const { stdout } = spawnSync(path, ['--no-defaults', '--version'], { encoding: 'utf8' });
  const version = /Ver (\S+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${path} does not print its version`);
  return { path, isMariadb: /mariadb/i.test(stdout), version };
}

/** Servers refuse to run as root without this option. */
export const asCurrentUser: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];

/** The system tables that a MariaDB server needs to start: accounts and privileges. */
function readSystemTables(program: string): string {
  const places = [dirname(dirname(program)), '/usr'].flatMap((prefix) => [
    join(prefix, 'share/mysql'),
    join(prefix, 'share/mariadb'),
  ]);
  const place = places.find((path) => existsSync(join(path, 'mysql_system_tables.sql')));
  if (place === undefined) throw new Error(`the system tables of ${program} are missing`);
  const files = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  return files.map((file) => readFileSync(join(place, file), 'utf8')).join('\n');
}

/** Creates an empty data directory. */
export function makeDataDirectory({ path, isMariadb }: ServerProgram, directory: string): void {
  mkdirSync(directory, { mode: 0o700 });
  const { status, stderr } = spawnSync(
    path,
    [
      '--no-defaults',
      ...asCurrentUser,
      `--datadir=${directory}`,
      `--tmpdir=${dirname(directory)}`,
      isMariadb ? '--bootstrap' : '--initialize-insecure',
      ...smallFiles(isMariadb),
    ],
    {
      encoding: 'utf8',
      input: isMariadb
        ? `CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n${readSystemTables(path)}\n`
        : '',
    },
  );
  if (status !== 0) throw new Error(`${path} could not create a data directory: ${stderr.slice(-1000)}`);
}

/** Settings for small files and a fast restart. */
export function smallFiles(isMariadb: boolean): string[] {
  return isMariadb
    ? ['--innodb-buffer-pool-size=48M', '--innodb-log-file-size=16M']
    : ['--innodb-buffer-pool-size=48M', '--innodb-redo-log-capacity=32M', '--mysqlx=OFF'];
}
