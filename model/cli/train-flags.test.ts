import { describe, expect, test } from 'vitest';
import { families } from '../training/trainers.ts';
import { parseTrainFlags, usage } from './train-flags.ts';

describe('parseTrainFlags', () => {
  test('trains every family on the committed dataset by default', () => {
    const flags = parseTrainFlags([]);
    expect(flags).toMatchObject({ families, scaler: 'standard', folds: 5, seed: 0, json: false });
    expect(flags?.data).toMatch(/model\/data\/dataset\.csv$/);
    expect(flags?.out).toMatch(/model\/artifacts$/);
  });

  test('accepts names separated by commas, with or without spaces', () => {
    const flags = parseTrainFlags([
      '--features',
      'a, b',
      '--units',
      '°C,',
      '--family',
      'neural-network,random-forest',
    ]);
    expect(flags?.dataset).toMatchObject({ features: ['a', 'b'], units: ['°C', ''], names: undefined });
    expect(flags?.families).toEqual(['random-forest', 'neural-network']);
  });

  test('returns undefined for --help, whose text names every family', () => {
    expect(parseTrainFlags(['--seed', 'x', '--help'])).toBeUndefined();
    for (const family of families) expect(usage).toContain(family);
  });

  test.each([
    [['--family', 'svm'], '--family "svm": expected logistic-regression, k-nearest-neighbors,'],
    [['--scaler', 'log'], '--scaler "log": expected standard, min-max, robust, max-abs or none'],
    [['--family', 'constructor'], '--family "constructor": expected logistic-regression,'],
    [['--scaler', '__proto__'], '--scaler "__proto__": expected standard, min-max, robust, max-abs or none'],
    [['--duplicates', 'count'], '--duplicates "count": expected drop or keep'],
    [['--decimal', '.'], '--decimal ".": expected point or comma'],
    [['--folds', '1'], '--folds "1": expected a whole number from 2 to 20'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--seed', '4294967296'], '--seed "4294967296": expected a whole number from 0 to 4294967295'],
    [['--out', 'model.json'], '--out "model.json": expected a folder'],
    [['--color'], "Unknown option '--color'"],
  ])('refuses %j', (flags, message) => {
    expect(() => parseTrainFlags(flags)).toThrow(message);
  });
});
