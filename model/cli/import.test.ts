import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { loadArtifact } from '../artifact/load-artifact.ts';
import {
  array,
  doubles,
  dtype,
  instance,
  integer,
  list,
  pickle,
  text,
} from '../import/testing/write-pickle.ts';
import reference from '../reference/pickles-1.9.0.json' with { type: 'json' };

const folder = await mkdtemp(join(tmpdir(), 'import-'));
afterAll(() => rm(folder, { recursive: true }));

const fixtures = join(import.meta.dirname, '../import/fixtures/1.9.0');
const twoFiles = ['best_model.pkl', 'scaler.pkl'].map((name) => join(fixtures, name));

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

function run(...flags: string[]): Promise<Run> {
  return runIn(process.cwd(), {}, flags);
}

/** In a working folder, with variables of the environment. */
function runIn(cwd: string, variables: Record<string, string>, flags: readonly string[]): Promise<Run> {
  const { API_PORT: _, MODEL_DIR: __, ...inherited } = process.env;
  const options = { cwd, env: { ...inherited, ...variables } };
  const program = join(import.meta.dirname, 'import.ts');
  return promisify(execFile)(process.execPath, [program, ...flags], options).then(
    (output) => ({ code: 0, ...output }),
    (failed: Run) => failed,
  );
}

describe('import', () => {
  test('stores an artifact under its name, and prints how to activate it', async () => {
    const out = join(folder, 'models');
    const { code, stdout } = await run(...twoFiles, '--out', out);
    expect(code).toBe(0);
    const [file, ...others] = await readdir(out);
    expect(others).toEqual([]);
    const { artifact } = await loadArtifact(join(out, file));
    expect(file).toBe(`${artifact.name}.json`);
    expect(stdout).toContain('read StandardScaler → LogisticRegression, scikit-learn 1.9.0');
    expect(stdout).toContain(`curl -X POST http://localhost:5000/models/${artifact.name}/activate`);
    expect(stdout).toContain(`MODEL_DIR=${out}`);
  });

  test('compares with reference vectors and prints JSON', async () => {
    const [{ scores, labels }] = reference.cases;
    const vectors = join(folder, 'vectors.json');
    await writeFile(vectors, JSON.stringify({ rows: reference.rows, scores, predictions: labels }));
    const out = join(folder, 'named.json');
    const { stdout } = await run(...twoFiles, '--reference', vectors, '--out', out, '--json');
    const { artifact } = await loadArtifact(out);
    const { name, sha256, features, class_names, threshold, origin } = artifact;
    expect(JSON.parse(stdout)).toEqual({ name, file: out, sha256, features, class_names, threshold, origin });
    expect(origin).toMatchObject({ agreement: { vectors: reference.rows.length } });
  });

  test('stores and prints by the settings of the API, of the environment before those of .env', async () => {
    const place = join(folder, 'place');
    await mkdir(place);
    await writeFile(join(place, '.env'), 'API_PORT=5055\nMODEL_DIR=own models\n');
    const { stdout } = await runIn(place, {}, twoFiles);
    expect(stdout).toContain('curl -X POST http://localhost:5055/models/logistic-regression-');
    expect(stdout).not.toContain('MODEL_DIR');
    expect(await readdir(join(place, 'own models'))).toHaveLength(1);
    const elsewhere = join(folder, "it's");
    const other = await runIn(place, { API_PORT: '5056', MODEL_DIR: elsewhere }, twoFiles);
    expect(other.stdout).toContain('http://localhost:5056/models/');
    expect(await readdir(elsewhere)).toHaveLength(1);
    const flagged = await runIn(place, {}, [...twoFiles, '--out', elsewhere]);
    expect(flagged.stdout).toContain(`MODEL_DIR='${folder}/it'\\''s'`);
  });

  test('replaces an earlier import of the same files for the same type, and nothing else', async () => {
    const out = join(folder, 'again');
    const [classifier = '', scaler = ''] = twoFiles;
    const names = async () => (await readdir(out)).sort();
    await run(...twoFiles, '--out', out);
    const [first = ''] = await names();
    await cp(join(out, first), join(out, 'copy.json'));
    await writeFile(join(out, 'broken.json'), '{');
    await run(classifier, '--out', out);
    await run(...twoFiles, '--type', 'pump', '--out', out);
    expect(await names()).toHaveLength(5);
    expect((await run(...twoFiles, '--out', out)).stdout).not.toContain('replaced');
    const { stdout } = await run(scaler, classifier, '--classes', 'fine,leak', '--out', out);
    expect(stdout).toContain(`replaced ${first.replace('.json', '')}, an earlier import of the same files`);
    const left = await names();
    expect(left).toHaveLength(5);
    expect(left).not.toContain(first);
    expect(left).toEqual(expect.arrayContaining(['broken.json', 'copy.json']));
  });

  test.each([
    ['ties-brute-force', true],
    ['ties-brute-force-scaled', true],
    ['ties-tree', false],
    ['network-relu', false],
  ])('says where the neighbors of ties depend on scikit-learn: %s', async (name, isSaid) => {
    const { stdout } = await run(join(fixtures, `kinds/${name}.joblib`), '--out', folder);
    expect(stdout.includes('algorithm="kd_tree"')).toBe(isSaid);
  });

  describe('names with control characters', () => {
    const hostile = [
      '\u001b[2J\u001b[Hok',
      '\u009b31mred<img src=x>',
      '\u202ekcab',
      'it\'s\u0007,"b"',
      'a\nb\r',
    ];
    const withoutControls = /^(?:[^\p{Cc}\u202e]|\n)*$/u;
    const strings = (...values: string[]) =>
      array({ shape: [values.length], dtype: dtype('O8'), content: list(...values.map(text)) });

    test.each(hostile)('are never printed, and the printed flag applies: %j', async (name) => {
      const model = instance('sklearn.linear_model._logistic', 'LogisticRegression', {
        n_features_in_: integer(2),
        feature_names_in_: strings(name, 'b'),
        classes_: strings(name, 'red'),
        _sklearn_version: text('1.4.2'),
        coef_: doubles([1, 2], [1, 2]),
        intercept_: doubles([3]),
      });
      const file = join(folder, `\u001b[31m${hostile.indexOf(name)}.pkl`);
      await writeFile(file, pickle(model));
      const flags = ['--type', 'pump', '--out', folder, '--api-url', 'http://127.0.0.1:9'];
      const refused = await run(file, ...flags);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(withoutControls);
      const [, printed = ''] = /(--classes.*?) if "red" is the anomaly/.exec(refused.stderr) ?? [];
      const program = `exec "$0" "$@" ${printed}`;
      const imported = await promisify(execFile)('sh', [
        ...['-c', program, process.execPath, join(import.meta.dirname, 'import.ts'), file],
        ...flags,
      ]);
      expect(imported.stdout).toMatch(withoutControls);
      expect(imported.stdout).toContain('anomaly = "red"');
    });
  });

  test('refuses a pickle that calls a function, and does not call it', async () => {
    const witness = join(folder, 'witness');
    const evil = join(folder, 'evil.pkl');
    const command = `touch ${witness}`;
    await writeFile(
      evil,
      Buffer.concat([
        Buffer.from([0x80, 2]),
        Buffer.from('cposix\nsystem\n'),
        Buffer.from([0x58, command.length, 0, 0, 0]),
        Buffer.from(command),
        Buffer.from([0x85, 0x52, 0x2e]),
      ]),
    );
    const { code, stderr } = await run(evil, '--out', folder);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${evil}: at byte 2: "posix.system" is not among the classes that can be imported. No code in the file was executed; docs/importing.md lists the supported classes.\n`,
    );
    expect(await readdir(folder)).not.toContain('witness');
  });

  test.each([
    [[], 'expected a model file'],
    [['a.pkl', '--onnx', 'b.onnx'], '--onnx takes no further files: got a.pkl'],
    [['a.pkl', '--classes', 'one'], '--classes "one": expected two names, the normal class first'],
    [['--color'], "Unknown option '--color'"],
  ])('refuses %j and points to --help', async (flags, message) => {
    const { code, stderr } = await run(...flags);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('See --help.');
  });

  test('prints usage', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run model:import');
  });
});
