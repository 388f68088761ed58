// Runs before `npm start` and `npm test`, on whatever Node the machine has, before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function readPackages(path) {
  return JSON.parse(readFileSync(`${root}/${path}`, 'utf8')).packages;
}

/** Whether every locked package is installed in its locked version; optional ones may be missing. */
function isInstalled() {
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) return false;
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.entries(readPackages('package-lock.json')).every(([path, locked]) => {
    if (!path.startsWith('node_modules/') || locked.optional || locked.link) return true;
    return installed[path]?.version === locked.version;
  });
}

function refuse(reason) {
  console.error(reason);
  process.exit(1);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
}
if (!isInstalled()) {
  console.log('Installing the packages (npm ci) …');
  const { status } = spawnSync(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (status !== 0) refuse('npm ci failed: see its message above, then run the command again.');
}
