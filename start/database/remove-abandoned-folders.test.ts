import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { removeAbandonedFolders } from './remove-abandoned-folders.ts';

const longAgo = new Date('2020-01-01');

function createParent(): string {
  const parent = mkdtempSync(join(tmpdir(), 'abandoned-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return parent;
}

/** A folder as earlier versions left it after a kill: the password, and what the server had put beside it. */
function createAbandoned(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const file of ['init.sql', 'mysqld.sock', 'mysqld.pid', '#sql-temptable-1.MAI']) {
    writeFileSync(join(folder, file), '');
  }
  utimesSync(join(folder, 'init.sql'), longAgo, longAgo);
  return folder;
}

describe('removeAbandonedFolders', () => {
  test('removes the folders of earlier versions and counts them', () => {
    const parent = createParent();
    const folders = ['sensor-sentinel-Ab12Cd', 'sensor-sentinel-zzzzzz'].map((name) =>
      createAbandoned(parent, name),
    );
    expect(removeAbandonedFolders(parent)).toBe(2);
    expect(folders.filter(existsSync)).toEqual([]);
  });

  test('keeps a folder with another name', () => {
    const parent = createParent();
    const folder = createAbandoned(parent, 'sensor-sentinel-e2e-Ab12Cd');
    expect(removeAbandonedFolders(parent)).toBe(0);
    expect(existsSync(join(folder, 'init.sql'))).toBe(true);
  });

  test.each(['README.md', 'data'])('keeps a folder that also holds %s', (name) => {
    const parent = createParent();
    const folder = createAbandoned(parent, 'sensor-sentinel-review');
    mkdirSync(join(folder, name));
    expect(removeAbandonedFolders(parent)).toBe(0);
    expect(existsSync(join(folder, 'init.sql'))).toBe(true);
  });

  test('keeps a folder without a password file', () => {
    const parent = createParent();
    const folder = createAbandoned(parent, 'sensor-sentinel-Ab12Cd');
    rmSync(join(folder, 'init.sql'));
    expect(removeAbandonedFolders(parent)).toBe(0);
    expect(existsSync(folder)).toBe(true);
  });

  test('keeps a folder whose server may be about to start', () => {
    const parent = createParent();
    const folder = createAbandoned(parent, 'sensor-sentinel-Ab12Cd');
    utimesSync(join(folder, 'init.sql'), new Date(), new Date());
    expect(removeAbandonedFolders(parent)).toBe(0);
    expect(existsSync(join(folder, 'init.sql'))).toBe(true);
  });

  test('keeps a folder until the process that uses it has ended', async () => {
    const parent = createParent();
    const folder = createAbandoned(parent, 'sensor-sentinel-Ab12Cd');
    const waitForInput = ['-e', 'process.stdin.resume()', '--', `--tmpdir=${folder}`];
    const user = spawn(process.execPath, waitForInput, { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(user, 'spawn');
    expect(removeAbandonedFolders(parent)).toBe(0);
    expect(existsSync(join(folder, 'init.sql'))).toBe(true);
    user.stdin.end();
    await once(user, 'exit');
    expect(removeAbandonedFolders(parent)).toBe(1);
  });

  test('follows no symbolic link', () => {
    const parent = createParent();
    const elsewhere = createAbandoned(createParent(), 'sensor-sentinel-Ab12Cd');
    symlinkSync(elsewhere, join(parent, 'sensor-sentinel-linked'));
    const folder = createAbandoned(parent, 'sensor-sentinel-Ab12Cd');
    rmSync(join(folder, 'mysqld.sock'));
    symlinkSync(join(elsewhere, 'init.sql'), join(folder, 'mysqld.sock'));
    expect(removeAbandonedFolders(parent)).toBe(1);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(elsewhere, 'init.sql'))).toBe(true);
  });

  test('removes nothing where the parent does not exist', () => {
    expect(removeAbandonedFolders(join(createParent(), 'missing'))).toBe(0);
  });
});
