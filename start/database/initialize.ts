import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { asCurrentUser, type ServerProgram } from '../required-programs.ts';
import { StartError } from '../start-error.ts';

const madeBySchema = z.object({ flavour: z.enum(['MySQL', 'MariaDB']), version: z.string() });

const mariadbTables = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'mysql_sys_schema.sql',
];

function readMariadbTables(program: string): string {
  const prefix = dirname(dirname(program));
  const directories = [prefix, '/usr'].flatMap((base) => [`${base}/share/mysql`, `${base}/share/mariadb`]);
  const directory = directories.find((path) => existsSync(join(path, 'mysql_system_tables.sql')));
  if (!directory)
    throw new StartError(`the system tables of ${program} are missing: reinstall mariadb-server-core`);
  return mariadbTables.map((name) => readFileSync(join(directory, name), 'utf8')).join('\n');
}

/** What mariadb-install-db does, without the programs of other packages that it asks for. */
function mariadbBootstrap(program: string): string {
  const others = "DELETE FROM mysql.global_priv WHERE Host <> 'localhost';";
  return `CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n${readMariadbTables(program)}\n${others}\n`;
}

interface InitializeOptions {
  program: ServerProgram;
  /** The data directory of the server. */
  directory: string;
  /** For temporary tables; used by no other server. */
  temporary: string;
}

function makeDataDirectory({ program, directory, temporary }: InitializeOptions): void {
  const { path, flavour } = program;
  const shared = ['--no-defaults', ...asCurrentUser, `--datadir=${directory}`, `--tmpdir=${temporary}`];
  const isMariadb = flavour === 'MariaDB';
  const { status, stderr } = spawnSync(
    path,
    [...shared, isMariadb ? '--bootstrap' : '--initialize-insecure'],
    { encoding: 'utf8', input: isMariadb ? mariadbBootstrap(path) : '' },
  );
  if (status === 0) return;
  const reason = stderr.split('\n').find((line) => /\[?error\]?/i.test(line)) ?? stderr.slice(-300);
  throw new StartError(`${path} could not make a data directory in ${directory}: ${reason.trim()}`);
}

/**
 * Makes the data directory on the first start; leaves one that is there alone.
 * @throws StartError where it was made by the other kind of server
 */
export function initializeDatabase({ program, directory, temporary }: InitializeOptions): void {
  const madeByFile = `${directory}.json`;
  if (existsSync(directory)) {
    const { flavour } = madeBySchema.parse(JSON.parse(readFileSync(madeByFile, 'utf8')));
    if (flavour === program.flavour) return;
    throw new StartError(
      `${directory} was made by ${flavour}, but ${program.path} is ${program.flavour}: put ${flavour} first on the PATH, or set DATA_DIR to another directory`,
    );
  }
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  makeDataDirectory({ program, directory: unfinished, temporary });
  writeFileSync(madeByFile, JSON.stringify({ flavour: program.flavour, version: program.version }));
  renameSync(unfinished, directory);
}
