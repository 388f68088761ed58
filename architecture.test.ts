import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = import.meta.dirname;

const ours = '@sensor-sentinel/';

/** What of our own each part may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  model: [],
  'services/api': ['contracts', 'model'],
  'services/sender': ['contracts', 'model'],
  'services/dashboard': ['contracts'],
  e2e: ['contracts', 'model', 'start'],
  bench: ['contracts', 'model', 'start', 'sender', 'api'],
  start: ['contracts'],
};

/** Libraries of the parts that are to stay free of all others. */
const allowedLibraries: Readonly<Record<string, readonly string[]>> = {
  contracts: ['zod'],
  model: ['zod', 'csv-parse', 'iconv-lite', 'luxon', 'cli-progress', 'protobufjs', '@tensorflow/tfjs'],
};

interface Import {
  file: string;
  specifier: string;
  /** Removed by Node when it runs the file. */
  isOfTypes: boolean;
}

function listSources(part: string): string[] {
  return readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => join(root, part, path));
}

const importPattern =
  /^(?:import|export)\b[^;'"]*?from '([^'\n]+)'|^import '([^'\n]+)'|\bimport\('([^'\n]+)'\)/gm;

function listImportsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(importPattern)].map(([text, from, bare, dynamic]) => ({
    file,
    specifier: from ?? bare ?? dynamic ?? '',
    isOfTypes: /^(import|export) type /.test(text),
  }));
}

function listImports(part: string): Import[] {
  return listSources(part).flatMap(listImportsOf);
}

/** What a program loads, or may load later: its imports, those of our own files among them, and so on. */
function listReached(program: string): Import[] {
  const files = new Set([join(root, program)]);
  const reached: Import[] = [];
  // A set also visits what is added to it on the way.
  for (const file of files) {
    const imports = listImportsOf(file).filter(({ isOfTypes }) => !isOfTypes);
    reached.push(...imports);
    for (const { specifier } of imports) {
      const isOurs = specifier.startsWith('.') || specifier.startsWith(ours);
      if (isOurs) files.add(createRequire(file).resolve(specifier));
    }
  }
  return reached;
}

function show({ file, specifier }: Import): string {
  return `${relative(root, file)} imports ${specifier}`;
}

describe.each(Object.keys(allowed))('%s', (part) => {
  const imports = listImports(part);

  test('reaches into no other folder by path', () => {
    const outside = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      return !resolve(file, '..', specifier).startsWith(join(root, part) + sep);
    });
    expect(outside.map(show)).toEqual([]);
  });

  test('imports only the parts of ours that it may', () => {
    const names = allowed[part] ?? [];
    const wrong = imports.filter(({ specifier }) => {
      if (!specifier.startsWith(ours)) return false;
      return !names.includes(specifier.slice(ours.length).split('/')[0] ?? '');
    });
    expect(imports.length).toBeGreaterThan(0);
    expect(wrong.map(show)).toEqual([]);
  });
});

/** The files that each file of a part imports by path, types included. */
function toGraph(part: string): Map<string, string[]> {
  const files = new Set(listSources(part));
  const toTargets = (file: string) =>
    listImportsOf(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => resolve(file, '..', specifier))
      .filter((target) => files.has(target));
  return new Map([...files].map((file) => [file, toTargets(file)]));
}

/** The first cycle of imports that is found from each file, as the paths of its files. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  function visit(file: string, path: readonly string[]): void {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = [...path.slice(start), file].map((name) => relative(root, name));
      cycles.push(cycle.join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

test('findCycles names the files of a cycle', () => {
  const inRoot = (name: string) => join(root, name);
  const graph = new Map([
    [inRoot('a'), [inRoot('b')]],
    [inRoot('b'), [inRoot('c')]],
    [inRoot('c'), [inRoot('b')]],
  ]);
  expect(findCycles(graph)).toEqual(['b → c → b']);
});

describe.each(Object.keys(allowed))('%s', (part) => {
  test('has no cycle of imports', () => {
    expect(findCycles(toGraph(part))).toEqual([]);
  });
});

describe.each(Object.keys(allowedLibraries))('%s', (part) => {
  test('imports no other library', () => {
    const names = ['vitest', 'fast-check', ...(allowedLibraries[part] ?? [])];
    const wrong = listImports(part).filter(({ specifier }) => {
      if (specifier.startsWith('.') || isBuiltin(specifier)) return false;
      return !names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
    });
    expect(wrong.map(show)).toEqual([]);
  });
});

/** The folders of the dashboard: what each may import besides itself. */
const dashboardLayers = [
  { folder: 'ui', layers: [] },
  { folder: 'api', layers: [] },
  { folder: 'features', layers: ['ui', 'api'] },
  { folder: 'pages', layers: ['ui', 'api', 'features'] },
] as const;

describe.each(dashboardLayers)('services/dashboard/src/$folder', ({ folder, layers }) => {
  test('imports only the folders that it may', () => {
    const source = 'services/dashboard/src';
    const imports = listImports(`${source}/${folder}`).filter(({ specifier }) => specifier.startsWith('.'));
    const within = [folder, ...layers].map((name) => join(root, source, name) + sep);
    const wrong = imports.filter(({ file, specifier }) => {
      const target = resolve(file, '..', specifier);
      return !within.some((path) => target.startsWith(path));
    });
    expect(imports.length).toBeGreaterThan(0);
    expect(wrong.map(show)).toEqual([]);
  });
});

describe.each(['main', 'cli/migrate', 'cli/retain', 'cli/verify'])('services/api/%s.ts', (program) => {
  test('does without TensorFlow, which the image of the API leaves out', () => {
    const reached = listReached(`services/api/${program}.ts`);
    expect(reached.map(({ specifier }) => specifier)).toContain('zod');
    expect(reached.filter(({ specifier }) => specifier.startsWith('@tensorflow/')).map(show)).toEqual([]);
  });
});

test('npm run train needs TensorFlow', () => {
  const specifiers = listReached('model/cli/train.ts').map(({ specifier }) => specifier);
  expect(specifiers).toContain('@tensorflow/tfjs');
});

describe('docs/architecture.md', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

  /** The files of a numbered list under a heading. */
  function listFiles(heading: string): string[] {
    const [, section = ''] = page.split(`## ${heading}\n`);
    const [list = ''] = section.split('\n## ');
    return [...list.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => file);
  }

  function toTargets(file: string): string[] {
    return listImportsOf(join(root, file)).map(({ specifier }) =>
      specifier.startsWith('.') ? relative(root, resolve(root, file, '..', specifier)) : specifier,
    );
  }

  test.each([
    { heading: 'From POST /predict to its answer', most: 16, wiring: ['services/api/api-process.ts'] },
    { heading: 'From a row of a CSV file to the socket', most: 12, wiring: [] },
  ])('lists files that import one another: $heading', ({ heading, most, wiring }) => {
    const files = listFiles(heading);
    expect(files.length).toBeGreaterThan(8);
    expect(files.length).toBeLessThanOrEqual(most);
    const imported = new Set([...files, ...wiring].flatMap(toTargets));
    const isTied = (file: string) =>
      imported.has(file) ||
      imported.has(`${ours}${file.split('/')[0]}`) ||
      toTargets(file).some((target) => files.includes(target));
    expect(files.filter((file) => !isTied(file))).toEqual([]);
  });
});
