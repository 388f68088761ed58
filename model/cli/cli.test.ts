import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadArtifact } from '../artifact/load-artifact.ts';

const folder = await mkdtemp(join(tmpdir(), 'model-'));
afterAll(() => rm(folder, { recursive: true }));

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

function run(program: string, ...flags: string[]): Promise<Run> {
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, program), ...flags]).then(
    (output) => ({ code: 0, ...output }),
    (failed: Run) => failed,
  );
}

describe('generate', () => {
  test('writes the given number of rows to the given file', async () => {
    const out = join(folder, 'readings.csv');
    expect(await run('generate.ts', 'readings', '--rows', '30', '--seed', '5', '--out', out)).toMatchObject({
      code: 0,
    });
    const lines = (await readFile(out, 'utf8')).split('\n');
    expect(lines[0]).toBe('temperature,humidity,sound_volume');
    expect(lines.length).toBe(32);
  });

  test.each([
    [['--rows', '10'], 'expected dataset or readings'],
    [['rooms'], 'expected dataset or readings'],
    [['dataset', '--rows', 'ten'], '--rows "ten": expected a whole number'],
    [
      ['dataset', '--seed', '4294967296'],
      '--seed "4294967296": expected a whole number from 0 to 4294967295',
    ],
    [['--color'], "Unknown option '--color'"],
  ])('refuses %j and points to --help', async (flags, message) => {
    const { code, stderr } = await run('generate.ts', ...flags);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('See --help.');
  });
});

describe('train', () => {
  const rows = join(folder, 'rows.csv');
  beforeAll(() => run('generate.ts', 'dataset', '--rows', '200', '--seed', '8', '--out', rows));
  const quick = ['--family', 'gradient-boosting,logistic-regression', '--folds', '2'];

  test('stores one loadable file per family, and a report', async () => {
    const out = join(folder, 'deep', 'models');
    const { code, stdout } = await run('train.ts', '--data', rows, '--out', out, ...quick, '--json');
    expect(code).toBe(0);
    const printed = JSON.parse(stdout);
    expect(await readdir(out)).toEqual(['gradient-boosting.json', 'logistic-regression.json', 'report.html']);
    for (const { family, name, sha256, origin } of printed.models) {
      const { artifact } = await loadArtifact(join(out, `${family}.json`));
      expect(artifact).toMatchObject({ name, sha256, origin });
    }
    expect(printed.models.map(({ family }: { family: string }) => family)).toContain(printed.winner);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  test('prints one table, the best family and the progress', async () => {
    const { stdout, stderr } = await run(
      'train.ts',
      '--data',
      rows,
      '--out',
      join(folder, 'table'),
      ...quick,
    );
    expect(stdout).toMatch(/family +CV accuracy +test accuracy.*\nlogistic-regression +0\.\d{4} ± 0\.\d{4} /);
    expect(stdout).toMatch(/\ngradient-boosting .* \d+\.\d\d s +\d+\.\d µs\n/);
    expect(stdout).toMatch(/best in cross-validation: (gradient-boosting|logistic-regression)\n/);
    expect(stderr).toMatch(/^0 of 6 fits: logistic-regression: fit\n/);
    expect(stderr).toMatch(/\n2 of 6 fits: .*cross-validation, fold 1, about \d+ s left\n/);
  });

  test('names the library that fitted the network, and silences its messages', async () => {
    const flags = ['--family', 'neural-network', '--folds', '2', '--out', join(folder, 'network')];
    const { stdout, stderr } = await run('train.ts', '--data', rows, ...flags);
    expect(stdout).toMatch(/neural-network was fitted by @tensorflow\/tfjs(-node)? \d/);
    expect(stderr.split('\n').filter((line) => !/^\d of 3 fits: /.test(line))).toEqual(['']);
  });

  test('reports how the file was interpreted', async () => {
    const [data, out] = [join(folder, 'foreign.csv'), join(folder, 'foreign')];
    const lines = Array.from({ length: 60 }, (_, i) => `${i};${(i * 7) % 5};${i % 3 === 0 ? 'leak' : 'ok'}`);
    await writeFile(data, ['flow [l/s];p;state', ...lines, ';1;ok', lines[0], ''].join('\n'));
    const flags = ['--target', 'state', '--names', 'flow,pressure', '--units', 'l/min,bar'];
    const { stdout } = await run('train.ts', '--data', data, '--out', out, ...quick, ...flags);
    expect(stdout).toContain('60 rows: 40 ok (0), 20 leak (1)');
    expect(stdout).toContain('2 features: flow [l/min], pressure [bar]');
    expect(stdout).toContain('note: the delimiter is a semicolon');
    expect(stdout).toContain('note: 1 of 62 rows have a missing value and are left out: "flow" 1');
    const { artifact } = await loadArtifact(join(out, 'foreign-logistic-regression.json'));
    expect(stdout).toContain('sensor type: foreign');
    expect(stdout).toContain('npm run rescore -- --type foreign');
    expect(artifact.type).toBe('foreign');
    expect(artifact.class_names).toEqual(['ok', 'leak']);
    expect(artifact.features).toEqual([
      { name: 'flow', unit: 'l/min' },
      { name: 'pressure', unit: 'bar' },
    ]);
  });

  test('gives the features the names of the type, and names those that it does not have', async () => {
    const server = createServer((_, response) => {
      response.end(JSON.stringify({ features: [{ name: 'Oil pressure' }, { name: 'count_value' }] }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo; // a TCP server has one
    const train = async (header: string, out: string) => {
      const lines = Array.from({ length: 40 }, (_, row) => `${row % 7},${row % 11},${row % 2}`);
      const data = join(folder, 'pump.csv');
      await writeFile(data, [header, ...lines, ''].join('\n'));
      const flags = ['--data', data, '--type', 'pump', '--duplicates', 'keep', '--out', join(folder, out)];
      return run('train.ts', ...flags, ...quick, '--api-url', `http://127.0.0.1:${port}`);
    };
    expect(await train('oil_pressure [bar],count,target', 'pump')).toMatchObject({ code: 0 });
    const artifact = await readFile(join(folder, 'pump/pump-logistic-regression.json'), 'utf8');
    expect(JSON.parse(artifact)).toMatchObject({
      type: 'pump',
      features: [{ name: 'Oil pressure', unit: 'bar' }, { name: 'count_value' }],
    });
    const { code, stderr } = await train('oil pressure,flow,target', 'other');
    expect(code).toBe(1);
    expect(stderr).toContain('the sensor type pump has no "flow"; it has Oil pressure, count_value');
  });

  test('leaves no partial file when it is interrupted', async () => {
    const out = join(folder, 'interrupted');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'train.ts'), '--out', out]);
    const ended = once(child, 'exit');
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(await readdir(out)).toEqual([]);
  });

  test.each([
    [['--target', 'leak'], 'column "leak" is missing'],
    [['--out', rows], 'EEXIST'],
    [['--folds', '1'], '--folds "1": expected'],
  ])('refuses %j and points to --help', async (flags, message) => {
    const { code, stderr } = await run('train.ts', '--out', join(folder, 'none'), ...flags);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('See --help.');
  });
});

describe.each(['generate.ts', 'train.ts'])('%s --help', (program) => {
  test('prints usage', async () => {
    const { code, stdout } = await run(program, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run');
  });
});
