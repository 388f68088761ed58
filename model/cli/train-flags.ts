import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Duplicates } from '../dataset/parse-dataset.ts';
import type { ScalerKind } from '../scalers/fit-scaler.ts';
import { families } from '../training/trainers.ts';
import { parseTypeName } from './find-type.ts';
import { parseChoice, parseChoices, parseInteger, parseNames } from './parse-flag.ts';
import { readSettings, type Settings } from './settings.ts';

const folder = join(import.meta.dirname, '..');
const scalers: readonly ScalerKind[] = ['standard', 'min-max', 'robust', 'max-abs', 'none'];
const decimals = { point: '.', comma: ',' } as const;
const duplicates: readonly Duplicates[] = ['drop', 'keep'];

export const usage = `npm run train -- [flags]

Fits every classifier family to four fifths of a CSV file, compares them by cross-validation, evaluates them on
the rest, and stores each as <family>.json, with a report.html. Files of other sensor types than climate begin with the name of
the type.

  --data file        CSV file with labeled rows             model/data/dataset.csv
  --target name      the label column                       target
  --type name        the sensor type                        climate if it has these features, else the file's name
  --features a,b     the feature columns                    all columns of numbers but the target, times and names
  --names a,b        new names for the features             those of the header
  --units a,b        units of the features                  those of the header: temperature [°C]
  --positive name    the class that becomes label 1         1; else by the names; else the rarer
  --decimal mark     point or comma, before decimals        found for each column
  --duplicates how   drop or keep repeated rows             drop
  --family a,b       classifier families to train           all:
                     ${families.slice(0, 3).join(', ')},
                     ${families.slice(3).join(', ')}
  --scaler kind      ${scalers.join(', ')}  standard
  --folds n          cross-validation folds, 2 to 20        5
  --seed n           random seed, 0 to 4294967295           0
  --out folder       output folder                          MODEL_DIR; else model/artifacts
  --api-url url      API in the printed commands            http://localhost:API_PORT
  --json             print the comparison as JSON
  --help             print this help
`;

/**
 * @returns undefined for --help
 * @throws Error naming the first invalid flag
 */
export function parseTrainFlags(args: readonly string[], settings: Settings = readSettings({})) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: join(folder, 'data/dataset.csv') },
      target: { type: 'string', default: 'target' },
      type: { type: 'string' },
      'api-url': { type: 'string', default: settings.apiUrl },
      features: { type: 'string' },
      names: { type: 'string' },
      units: { type: 'string' },
      positive: { type: 'string' },
      decimal: { type: 'string' },
      duplicates: { type: 'string', default: 'drop' },
      family: { type: 'string', default: families.join() },
      scaler: { type: 'string', default: 'standard' },
      folds: { type: 'string', default: '5' },
      seed: { type: 'string', default: '0' },
      out: { type: 'string', default: settings.modelDirectory },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (values.out.endsWith('.json')) {
    throw new Error(`--out "${values.out}": expected a folder, as each family is stored in its own file`);
  }
  const { data, target, features, names, units, positive, out, json } = values;
  return {
    data,
    type: values.type === undefined ? undefined : parseTypeName(values.type),
    apiUrl: values['api-url'],
    dataset: {
      target,
      features: parseNames(features),
      names: parseNames(names),
      units: parseNames(units),
      positive,
      decimal:
        values.decimal === undefined
          ? undefined
          : decimals[parseChoice('--decimal', values.decimal, ['point', 'comma'])],
      duplicates: parseChoice('--duplicates', values.duplicates, duplicates),
    },
    families: parseChoices('--family', values.family, families),
    scaler: parseChoice('--scaler', values.scaler, scalers),
    folds: parseInteger('--folds', values.folds, { min: 2, max: 20 }),
    seed: parseInteger('--seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    out,
    json,
  };
}
