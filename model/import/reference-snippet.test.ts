import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import kinds12 from '../reference/kinds-1.2.1.json' with { type: 'json' };
import kinds14 from '../reference/kinds-1.4.2.json' with { type: 'json' };
import kinds19 from '../reference/kinds-1.9.0.json' with { type: 'json' };
import pickles12 from '../reference/pickles-1.2.1.json' with { type: 'json' };
import pickles14 from '../reference/pickles-1.4.2.json' with { type: 'json' };
import pickles19 from '../reference/pickles-1.9.0.json' with { type: 'json' };
import { importModel } from './import-model.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/importing.md'), 'utf8');
const [, snippet = ''] = /cat > vectors\.py <<'END'\n(.*?)\nEND\n/s.exec(page) ?? [];

/** A Python that has one of the tested versions of scikit-learn: the files of others may not load. */
const versions = new Map([
  ['1.2.1', { kinds: kinds12, pickles: pickles12 }],
  ['1.4.2', { kinds: kinds14, pickles: pickles14 }],
  ['1.9.0', { kinds: kinds19, pickles: pickles19 }],
]);
const found = ['python3', '/usr/bin/python3'].flatMap((python) => {
  const { stdout } = spawnSync(python, ['-c', 'import sklearn, joblib; print(sklearn.__version__)'], {
    encoding: 'utf8',
  });
  const version = stdout?.trim() ?? '';
  const references = versions.get(version);
  return references ? [{ python, version, references }] : [];
});

/** Runs the snippet for several models in one process. */
const driver = `
import json, os, sys, warnings
warnings.simplefilter('ignore')
[_, snippet, *folders] = sys.argv
for folder in folders:
    os.chdir(folder)
    sys.argv = ['vectors.py', *json.load(open('files.json'))]
    exec(compile(snippet, 'vectors.py', 'exec'), {})
`;

const folder = mkdtempSync(join(tmpdir(), 'snippet-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('docs/importing.md has the snippet', () => {
  expect(snippet).toContain('vectors.json');
});

describe.skipIf(found.length === 0)('the documented reference vectors', () => {
  const [{ python, version, references } = { python: '', version: '', references: undefined }] = found;
  const directory = join(import.meta.dirname, 'fixtures', version);
  const missing = references?.kinds.missing_rows ?? [];
  // scikit-learn itself cannot score by arrays of the other byte order.
  const pickles = references?.pickles.cases.filter(({ name }) => name !== 'big endian') ?? [];
  const models = [
    ...pickles.map(({ name, files }) => ({ name, files, rows: [] as typeof missing })),
    ...(references?.kinds.cases ?? []).map(({ name, file, ...others }) => {
      return { name, files: [file], rows: 'missing' in others ? missing : [] };
    }),
  ];
  const isNamed = (files: readonly string[]) => files.includes('best_model.pkl');
  const toPaths = (files: readonly string[]) => files.map((file) => join(directory, file));

  test('are written for every model, and agree with its import', { timeout: 180_000 }, async () => {
    const folders = models.map(({ files, rows }, i) => {
      const place = join(folder, String(i));
      mkdirSync(place);
      const lines = [...(references?.kinds.rows ?? []), ...rows].map((row) => row.join(','));
      writeFileSync(join(place, 'readings.csv'), `a,b,c\n${lines.join('\n')}\n`);
      writeFileSync(join(place, 'files.json'), JSON.stringify(toPaths(files)));
      return place;
    });
    execFileSync(python, ['-c', driver, snippet, ...folders], { stdio: 'pipe' });
    expect(models.length).toBeGreaterThan(40);
    for (const [i, { name, files }] of models.entries()) {
      const reference = join(folder, String(i), 'vectors.json');
      expect(existsSync(reference), name).toBe(true);
      const sensorReadings = join(import.meta.dirname, '../data/dataset.csv');
      const { artifact } = await importModel({
        paths: toPaths(files),
        format: 'scikit-learn',
        reference,
        sensorReadings,
        type: { name: 'pump', features: undefined },
        features: isNamed(files) ? undefined : ['a', 'b', 'c'],
      });
      expect(artifact.reference.rows.length, name).toBeGreaterThan(20);
    }
  });
});
