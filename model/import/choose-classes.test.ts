import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPredictProba, prepareClassifier } from '../classifiers/families.ts';
import { parseNames } from '../cli/parse-flag.ts';
import { createPipeline } from '../pipeline.ts';
import reference from '../reference/pickles-1.4.2.json' with { type: 'json' };
import { chooseClasses } from './choose-classes.ts';
import { importSklearn } from './sklearn/import-sklearn.ts';
import { swapLabels } from './swap-labels.ts';

const features = ['a', 'b', 'c'].map((name) => ({ name, unit: '' }));

describe('swapLabels', () => {
  const names = ['two files', 'neighbors', 'manhattan', 'forest', 'exponential', 'poly', 'calibrated'];
  test.each(reference.cases.filter(({ name }) => names.includes(name)))(
    'gives every row the probability of the other class: $name',
    async ({ files }) => {
      const read = (name: string) => readFile(join(import.meta.dirname, 'fixtures/1.4.2', name));
      const parts = await importSklearn(
        await Promise.all(files.map(async (name) => ({ name, bytes: await read(name) }))),
      );
      const common = { name: 'imported', features, scaler: parts.scaler, threshold: 0.5 };
      const original = createPipeline({ ...common, classifier: parts.classifier });
      const swapped = createPipeline({ ...common, classifier: swapLabels(parts.classifier) });
      for (const row of reference.rows) {
        expect(swapped.score(row)).toBeCloseTo(1 - original.score(row), 12);
        const calibrated = original.calibratedProbability(row);
        if (calibrated === undefined) continue;
        expect(swapped.calibratedProbability(row)).toBeCloseTo(1 - calibrated, 2);
      }
    },
  );

  test('negates the output of a neural network', () => {
    const layers = [
      { activation: 'tanh' as const, kernel: [1, -2], bias: [0.5, 0.1] },
      { activation: 'sigmoid' as const, kernel: [3, 1], bias: [-0.2] },
    ];
    const classifier = { family: 'neural-network' as const, layers };
    const one = createPredictProba(prepareClassifier(classifier, 1), 1);
    const other = createPredictProba(prepareClassifier(swapLabels(classifier), 1), 1);
    for (const value of [-2, 0, 0.3, 5]) {
      expect(other(Float64Array.of(value))).toBeCloseTo(1 - one(Float64Array.of(value)), 15);
    }
  });
});

const classifier = { family: 'logistic-regression' as const, coef: [1], intercept: 0 };
const parts = { scaler: { kind: 'none' as const }, classifier, estimator: 'e', version: '1.6.1' };
const choose = (own: [string, string] | undefined, requested?: [string, string]) =>
  chooseClasses({ ...parts, ...(own && { classNames: own }) }, requested, 'a.pkl');

const flagOf = (...names: string[]) => `--classes${names[0]?.startsWith('-') ? '=' : ' '}${names.join()}`;

describe('chooseClasses', () => {
  test.each<[string, string, string]>([
    ['fault', 'ok', 'fault'],
    ['leak', 'normal', 'leak'],
    ['anomaly', 'normal', 'anomaly'],
    ['ok', 'overheated', 'overheated'],
    ['broken', 'running', 'broken'],
    ['fail', 'pass', 'fail'],
    ['no', 'yes', 'yes'],
    ['Good', 'Bad', 'Bad'],
    ['0', '1', '1'],
    ['False', 'True', 'True'],
  ])('knows by the names %s and %s that %s is the anomaly', (first, second, anomaly) => {
    const { ownNames, isSwapped, classifier } = choose([first, second]);
    expect(ownNames[1]).toBe(anomaly);
    expect(isSwapped).toBe(anomaly === first);
    expect(classifier.family === 'logistic-regression' && classifier.coef).toEqual([isSwapped ? -1 : 1]);
  });

  test.each<[string, string]>([
    ['a', 'b'],
    ['-1', '1'],
    ['1', '2'],
    ['0', '2'],
    ['idle', 'running'],
    ['alarm', 'fault'],
    ['f', 'm'],
  ])('requires --classes for %s and %s', (first, second) => {
    expect(() => choose([first, second])).toThrow(
      `a.pkl: the classes are "${first}" and "${second}", and the names do not say which of them is the anomaly. ` +
        `Name the normal class first: ${flagOf(first, second)} if "${second}" is the anomaly, ${flagOf(second, first)} if "${first}" is.`,
    );
    expect(() => choose([first, second], ['fine', 'strange'])).toThrow('--classes names neither');
    expect(choose([first, second], [second, first])).toMatchObject({
      isSwapped: true,
      ownNames: [second, first],
    });
    expect(choose([first, second], [first, 'strange'])).toMatchObject({
      isSwapped: false,
      classNames: [first, 'strange'],
    });
  });

  test.each([
    [['big leak', "it's"], `'big leak,it'\\''s'`],
    [['a,b', 'c"d'], `'"a,b","c""d"'`],
    [['$(x)', '`y`'], "'$(x),`y`'"],
    [['<b>', '\\u001b[2J'], "'<b>,\\u001b[2J'"],
  ] as [[string, string], string][])('prints a flag that a shell leaves whole for %j', (own, flag) => {
    expect(() => choose(own)).toThrow(`Name the normal class first: --classes ${flag} if`);
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${flag}`], { encoding: 'utf8' });
    expect(parseNames(stdout)).toEqual(own);
  });

  test.each<[[string, string], [string, string], object]>([
    [['0', '1'], ['1', '0'], { isSwapped: true, ownNames: ['1', '0'], classNames: ['normal', 'anomaly'] }],
    [['0', '1'], ['1.0', '0.0'], { isSwapped: true, ownNames: ['1', '0'] }],
    [['0', '1'], ['0', '1'], { isSwapped: false, classNames: ['normal', 'anomaly'] }],
    [['0', '1'], ['fine', 'leak'], { isSwapped: false, classNames: ['fine', 'leak'] }],
    [['False', 'True'], ['true', 'false'], { isSwapped: true, ownNames: ['True', 'False'] }],
    [['False', 'True'], ['True', 'False'], { isSwapped: true, ownNames: ['True', 'False'] }],
    [['fault', 'ok'], ['normal', 'anomaly'], { isSwapped: true, classNames: ['normal', 'anomaly'] }],
    [['fault', 'ok'], ['fault', 'ok'], { isSwapped: false, ownNames: ['fault', 'ok'] }],
    [['fault', 'ok'], ['fine', 'fault'], { isSwapped: true, classNames: ['fine', 'fault'] }],
  ])('follows --classes: %j as %j', (own, requested, expected) => {
    expect(choose(own, requested)).toMatchObject(expected);
  });

  test('turns labels without names round', () => {
    expect(choose(undefined, ['1', '0'])).toMatchObject({ isSwapped: true, ownNames: ['1', '0'] });
  });
});
