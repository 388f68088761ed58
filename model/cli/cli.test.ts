import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { loadArtifact } from '../artifact/load-artifact.ts';

const folder = await mkdtemp(join(tmpdir(), 'model-'));
afterAll(() => rm(folder, { recursive: true }));

type Run = { code: number; stdout: string; stderr: string };

function run(program: string, ...flags: string[]): Promise<Run> {
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, program), ...flags]).then(
    (output) => ({ code: 0, ...output }),
    (failed: Run) => failed,
  );
}

describe('generate', () => {
  test('writes as many rows as asked for, where asked', async () => {
    const out = join(folder, 'readings.csv');
    expect(await run('generate.ts', 'readings', '--rows', '30', '--seed', '5', '--out', out)).toMatchObject({
      code: 0,
    });
    const lines = (await readFile(out, 'utf8')).split('\n');
    expect(lines[0]).toBe('temperature,humidity,sound_volume');
    expect(lines.length).toBe(32);
  });

  test.each([
    [['--rows', '10'], 'expected one name'],
    [['rooms'], 'expected one name'],
    [['dataset', '--rows', 'ten'], '--rows "ten": expected a whole number'],
    [
      ['dataset', '--seed', '4294967296'],
      '--seed "4294967296": expected a whole number from 0 to 4294967295',
    ],
    [['--colour'], "Unknown option '--colour'"],
  ])('refuses %j and points to --help', async (flags, message) => {
    const { code, stderr } = await run('generate.ts', ...flags);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('See --help.');
  });
});

describe('train', () => {
  test('trains on the file named and stores what can be loaded', async () => {
    const [rows, out] = [join(folder, 'rows.csv'), join(folder, 'deep', 'artifact.json')];
    await run('generate.ts', 'dataset', '--rows', '200', '--seed', '8', '--out', rows);
    const { code, stdout } = await run('train.ts', '--data', rows, '--out', out, '--json');
    expect(code).toBe(0);
    const { artifact } = await loadArtifact(out);
    const { name, sha256, origin } = artifact;
    expect(JSON.parse(stdout)).toEqual({ name, sha256, origin });
  });

  test('prints the metrics as a table', async () => {
    const { stdout } = await run('train.ts', '--out', join(folder, 'artifact.json'));
    expect(stdout).toMatch(/accuracy +0\.9\d{3}\n +precision/);
  });

  test('names the fault of its data', async () => {
    const { code, stderr } = await run('train.ts', '--target', 'leak', '--out', join(folder, 'none.json'));
    expect(code).toBe(1);
    expect(stderr).toContain('column "leak" is missing');
  });
});

describe.each(['generate.ts', 'train.ts'])('%s --help', (program) => {
  test('says how it is used', async () => {
    const { code, stdout } = await run(program, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run');
  });
});
