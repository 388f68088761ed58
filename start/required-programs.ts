import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StartError } from './start-error.ts';

/** Where Debian keeps servers, which the PATH of users leaves out. */
const systemDirectories = (process.env.SYSTEM_DIRECTORIES ?? '/usr/local/sbin:/usr/sbin:/usr/bin').split(
  delimiter,
);

/** The first of these programs that the PATH (or a system directory) has. */
function findProgram(names: readonly string[]): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...systemDirectories];
  return names
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The prefix that makes a command run as root; undefined where that takes a password. */
function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

function run(command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  const { status } = spawnSync('env', ['DEBIAN_FRONTEND=noninteractive', program, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0;
}

interface InstallOptions {
  /** Debian's name of the package. */
  name: string;
  programs: readonly string[];
  /** What else mends its absence, such as a variable to set. */
  instead: string;
  /** A service that Debian starts when the package is installed, and that is not wanted. */
  service?: string;
  say: (line: string) => void;
}

/** Finds a program, or installs Debian's package of it. @throws StartError with the command to run by hand */
function requireProgram({ name, programs, instead, service, say }: InstallOptions): string {
  const found = findProgram(programs);
  if (found) return found;
  const prefix = findProgram(['apt-get']) ? rootPrefix() : undefined;
  const byHand = `run "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${name}", or ${instead}`;
  if (!prefix) throw new StartError(`${programs.join(' or ')} is missing: ${byHand}`);
  say(`installing ${name} (apt-get)`);
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name];
  const isInstalled = run([...prefix, 'apt-get', 'update', '-qq']) && run([...prefix, ...install]);
  const installed = isInstalled ? findProgram(programs) : undefined;
  if (!installed) throw new StartError(`${name} could not be installed (see above): ${byHand}`);
  if (service !== undefined) {
    run([...prefix, '/usr/sbin/update-rc.d', service, 'disable']);
    run([...prefix, '/usr/sbin/service', service, 'stop']);
  }
  return installed;
}

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

/** As root, a database server only starts with this option. */
export const asCurrentUser: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];

/** The path of a Chromium, Debian's if there was none. @throws StartError */
export function requireChromium(say: (line: string) => void): string {
  return (
    process.env.CHROMIUM_PATH ??
    requireProgram({
      name: 'chromium',
      programs: ['chromium', 'chromium-browser', 'google-chrome'],
      instead: 'set CHROMIUM_PATH to a Chromium or Chrome',
      say,
    })
  );
}

/** The path of an Alertmanager, Debian's if there was none. @throws StartError */
export function requireAlertmanager(say: (line: string) => void): string {
  return requireProgram({
    name: 'prometheus-alertmanager',
    programs: ['prometheus-alertmanager', 'alertmanager'],
    instead: 'put the program alertmanager of Prometheus into the PATH',
    service: 'prometheus-alertmanager',
    say,
  });
}
