import { lstatSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What mkdtemp made of the prefix `sensor-sentinel-` in earlier versions. */
const folderPattern = /^sensor-sentinel-[A-Za-z0-9]{6}$/;

const passwordFile = 'init.sql';

/** The password file, socket, lock and pid of the server, and its temporary tables. */
const serverFilePattern = /^(init\.sql|mysqld\.(sock|sock\.lock|pid)|#sql.*|ib.{6})$/;

/** An earlier version that is starting writes the password file a moment before its server runs. */
const minAgeMs = 60_000;

/**
 * Removes the folders with the root password that earlier versions left in the system's temporary
 * directory: only those of this user, with nothing in them but a server's files, that no process
 * uses. Returns their number.
 */
export function removeAbandonedFolders(parent = tmpdir()): number {
  const commandLines = readCommandLines();
  if (commandLines === undefined) return 0;
  const isUsed = (name: string) => commandLines.some((line) => line.includes(name));
  return listFolders(parent).filter((name) => !isUsed(name) && removeFolder(join(parent, name))).length;
}

/** The command lines of all processes; undefined where the system does not list them in /proc. */
function readCommandLines(): string[] | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(readCommandLine);
  } catch {
    return undefined;
  }
}

/** Empty for a process that has ended since the processes were listed. */
function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function listFolders(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && folderPattern.test(entry.name))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/**
 * Unlinks file by file rather than recursively: a symbolic link is removed and never followed, and a
 * folder that holds anything else stays. False where it stays or another start has just removed it.
 */
function removeFolder(folder: string): boolean {
  try {
    if (lstatSync(folder).uid !== process.getuid?.()) return false;
    const entries = readdirSync(folder, { withFileTypes: true });
    if (!entries.every((entry) => !entry.isDirectory() && serverFilePattern.test(entry.name))) return false;
    const { mtimeMs } = lstatSync(join(folder, passwordFile));
    if (Date.now() - mtimeMs < minAgeMs) return false;
    for (const { name } of entries) unlinkSync(join(folder, name));
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
