import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = import.meta.dirname;

/** One of each kind: a script that runs in a container, SQL with a checksum, rows with a hash, binary files. */
const files = [
  'db/keep-secrets.sh',
  'services/dashboard/name-servers.sh',
  'db/init/001-readings.sql',
  'services/sender/data/readings.csv',
  'services/dashboard/nginx.conf',
  'docs/images/dashboard-dark.png',
  'model/import/fixtures/1.2.1/protocol-2.pkl',
];

test('a clone with core.autocrlf=true has the same bytes as any other', () => {
  const directory = mkdtempSync(join(tmpdir(), 'line-endings-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const git = (...args: string[]) => execFileSync('git', ['-C', directory, ...args], { stdio: 'pipe' });
  git('init', '--quiet');
  git('config', 'core.autocrlf', 'true');
  for (const file of ['.gitattributes', ...files]) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    copyFileSync(join(root, file), join(directory, file));
  }
  git('add', '.');
  for (const file of files) rmSync(join(directory, file));
  git('checkout', '--', '.');
  const changed = files.filter((file) => {
    return !readFileSync(join(directory, file)).equals(readFileSync(join(root, file)));
  });
  expect(changed).toEqual([]);
});
