import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import type { TestProject } from 'vitest/node';

const readyLimitMs = 120_000;

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

async function waitUntilReady(name: string): Promise<void> {
  const end = Date.now() + readyLimitMs;
  for (;;) {
    try {
      docker('exec', name, 'mysqladmin', 'ping', '--silent', '--host=127.0.0.1', '--protocol=tcp');
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(200);
    }
  }
}

/** MySQL 9.7 in a container, for the API's own tests. */
export async function setup(project: TestProject): Promise<() => void> {
  const port = await findFreePort();
  const name = `sentinel-mysql-${port}`;
  const password = randomBytes(12).toString('hex');
  const run = ['run', '--detach', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:3306`];
  docker(...run, '--env', `MYSQL_ROOT_PASSWORD=${password}`, 'mysql:9.7');
  await waitUntilReady(name);
  project.provide('databaseAdminUrl', `mysql://root:${password}@127.0.0.1:${port}/`);
  return () => void docker('rm', '--force', '--volumes', name);
}
