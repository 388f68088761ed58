import { spawnSync } from 'node:child_process';
import { requireProgram } from '../system-packages.ts';

export interface ServerProgram {
  path: string;
  flavour: 'MySQL' | 'MariaDB';
  version: string;
}

/** `mysqld` or `mariadbd`, installed if need be. @throws StartError */
export function requireServerProgram(say: (line: string) => void): ServerProgram {
  const path = requireProgram({
    name: 'mariadb-server-core',
    programs: ['mysqld', 'mariadbd'],
    instead: 'set DATABASE_URL to a MySQL or MariaDB that runs already',
    say,
  });
  const { stdout } = spawnSync(path, ['--no-defaults', '--version'], { encoding: 'utf8' });
  return {
    path,
    flavour: /mariadb/i.test(stdout) ? 'MariaDB' : 'MySQL',
    version: /Ver (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown',
  };
}

/** A server refuses to run as root without this option. */
export const asCurrentUser: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];
