import {
  type Feature,
  featureNameSchema,
  findNameClashes,
  maxTypeFeatures,
  type TypeAnswer,
} from '@sensor-sentinel/contracts';
import {
  areUnitsInConflict,
  type Column,
  findColumn,
  isNamed,
  normalizeUnit,
  quoteHeadings,
  toKey,
  toShortList,
  toTypeName,
} from '@sensor-sentinel/model/table';
import { FileFault } from './file-state.ts';
import { toFewRemarks, toFlag } from './messages.ts';
import { longFeature, type Survey } from './survey-table.ts';

/** The sensor type of the readings of a file, and the column of each of its features. */
export interface TypeChoice {
  name: string;
  features: readonly Feature[];
  /** One per feature. */
  columns: readonly Column[];
  /** The type of readings that name none. */
  isDefault: boolean;
  /** Whether the type is to be made. */
  isNew: boolean;
  /** Whether a reading may lack values for sure: no model scores it. */
  takesMissing: boolean;
  remarks: readonly string[];
}

interface ChoiceOptions {
  /** The types of the API. */
  types: readonly TypeAnswer[];
  /** The type that was given; empty: chosen. */
  typeName: string;
  /** The file in messages. */
  name: string;
  /** The name of the file, from which that of a new type is derived. */
  fileName: string;
}

/**
 * The given type; else the default type, if the file has its features; else a type that is named after the file or
 * has all of its columns of numbers; else a new one of these columns, named after the file. @throws FileFault if the file does not have the features of the given type
 */
export function chooseType(survey: Survey, { types, typeName, name, fileName }: ChoiceOptions): TypeChoice {
  const slug = typeName || toTypeName(fileName);
  const bindings = types.map((type) => bind(survey, type, typeName));
  const given = bindings.find(({ type }) => type.name === typeName);
  if (given !== undefined) {
    if (given.faults.length === 0) return toChoice(given);
    throw new FileFault(
      `${name} does not have the features of the type ${typeName}: ${given.faults.join('; ')}; ` +
        `found ${quoteHeadings(survey.roles.columns)}${given.lacking ? `; --columns "${given.lacking}=…" names a column` : ''}`,
    );
  }
  const fitting = bindings.filter(
    (binding) =>
      binding.faults.length === 0 && (binding.type.is_default || isMeant(binding, { survey, slug })),
  );
  const rank = ({ type }: Binding) => [
    Number(type.is_default),
    Number(type.name === slug),
    type.features.length,
  ];
  const [best] = typeName === '' ? fitting.toSorted((a, b) => compare(rank(b), rank(a))) : [];
  if (best !== undefined) return toChoice(best);
  const near = bindings.find(({ type, faults }) => type.is_default && faults.length < type.features.length);
  return toNewChoice(survey, { file: name, name: slug, near, taken: types.map((type) => type.name) });
}

/** Features that are only called value or the like do not tell what is measured. */
const vagueKeys = new Set('value values val reading measurement data y column1 column2'.split(' '));

/** Whether the type is named after the file, or has all columns of numbers of the file under names that say what they are. */
function isMeant({ type, columns }: Binding, { survey, slug }: { survey: Survey; slug: string }): boolean {
  if (type.name === slug) return true;
  const isVague = type.features.every(({ name }) => vagueKeys.has(toKey(name)));
  return !isVague && survey.roles.numbers.every((column) => columns.includes(column));
}

interface Binding {
  type: TypeAnswer;
  columns: readonly Column[];
  /** Features that the file lacks, or has in another unit. */
  faults: readonly string[];
  /** The first feature without a column that was not named. */
  lacking: string | undefined;
}

/** Looks for each feature of a type among the columns. The values of a long table are those of the only feature of a given type. */
function bind({ roles, columnNames, isLong }: Survey, type: TypeAnswer, typeName: string): Binding {
  const { timestamp: _, sensor_id: __, ...named } = columnNames;
  const faults = Object.keys(isLong ? {} : named)
    .filter((name) => !type.features.some((one) => one.name === name))
    .map((name) => `it has no feature ${name}`);
  const columns: Column[] = [];
  let lacking: string | undefined;
  for (const { name, unit } of type.features) {
    const isOnly = isLong && type.name === typeName && type.features.length === 1;
    const heading = isOnly ? named[longFeature] : Object.hasOwn(named, name) ? named[name] : undefined;
    const column = findFeature(roles.columns, name, heading);
    if (column === undefined) {
      faults.push(`no column ${name}`);
      if (heading === undefined) lacking ??= name;
    } else if (areUnitsInConflict(unit, column.unit))
      faults.push(`${name} is in ${column.unit} instead of ${unit}`);
    else columns.push(column);
  }
  return { type, columns, faults, lacking };
}

function findFeature(
  columns: readonly Column[],
  name: string,
  heading: string | undefined,
): Column | undefined {
  if (heading !== undefined) return findColumn(columns, heading);
  const exact = columns.filter(({ text }) => text === name);
  const found = exact.length > 0 ? exact : columns.filter((column) => isNamed(column, name));
  return found.length === 1 ? found[0] : undefined;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function toChoice({ type, columns }: Binding): TypeChoice {
  const { name, features, is_default, model } = type;
  return {
    ...{ name, features, columns, isNew: false, remarks: [] },
    ...{ isDefault: is_default, takesMissing: model === null },
  };
}

interface NewType {
  name: string;
  /** The file in messages. */
  file: string;
  /** The default type, if the file has some of its features. */
  near: Binding | undefined;
  /** Names of other types. */
  taken: readonly string[];
}

function toNewChoice(survey: Survey, { name, file, near, taken }: NewType): TypeChoice {
  const columns = survey.roles.numbers.slice(0, maxTypeFeatures);
  const others = survey.roles.numbers.length - columns.length;
  if (columns.length === 0) throw new FileFault(`${file} ${toNoNumbers(survey, near)}`);
  if (taken.includes(name))
    throw new FileFault(
      `${file} does not have the features of the type ${name}, which exists; --type gives the type another name`,
    );
  const names = toFeatureNames(survey, columns);
  const features = columns.map((column, index): Feature => {
    const feature = names[index] ?? column.name;
    const title = column.name.trim().slice(0, 128) || feature;
    return {
      name: feature,
      title,
      unit: normalizeUnit(column.unit).slice(0, 32),
      min: null,
      max: null,
      decimals: null,
    };
  });
  const given = Object.keys(survey.columnNames);
  const renamed = features.flatMap(({ name: one, title }, index) => {
    const heading = columns[index]?.text ?? title;
    if (one === title || given.includes(one)) return [];
    const flag = toFlag('columns', `${title === 'max' ? 'peak' : 'other_name'}=${heading}`);
    return [`names the feature ${JSON.stringify(title)} ${one}; ${flag} gives another name`];
  });
  const remarks = [
    ...(near ? [`is not of the type ${near.type.name}: ${near.faults.join('; ')}`] : []),
    ...toFewRemarks(renamed),
    ...(others > 0
      ? [`takes the first ${maxTypeFeatures} columns of numbers, and ignores ${others} others`]
      : []),
  ];
  return { name, features, columns, isDefault: false, isNew: true, takesMissing: true, remarks };
}

function toNoNumbers({ roles, frame }: Survey, near: Binding | undefined): string {
  const found = `found ${quoteHeadings(roles.columns)}`;
  const type = near ? `, and is not of the type ${near.type.name}: ${near.faults.join('; ')}` : '';
  if (frame.rows.length === 0) return `has no rows below its header${type}; ${found}`;
  if (roles.ignored.every(({ column }) => column.cells.length === 0))
    return `has no values, all are missing; ${found}`;
  const reasons = roles.ignored.flatMap(({ column, reason }) =>
    reason.startsWith('not numbers b') ? [`${JSON.stringify(column.text)} is ${reason}`] : [],
  );
  if (reasons.length > 0) return `has no column of numbers; ${toShortList(reasons)}`;
  const flags =
    '--columns "temperature=…" names one, --long "sensor=…,value=…,time=…" reads a table with a line for each value';
  return `has no column of numbers${type}; ${found}; ${flags}`;
}

/** The names of the headings, changed where the API does not accept them. */
function toFeatureNames({ columnNames }: Survey, columns: readonly Column[]): string[] {
  const given = Object.entries(columnNames);
  const names: string[] = [];
  for (const column of columns) {
    const [own] = given.find(([, heading]) => isNamed(column, heading)) ?? [];
    const clean = column.name
      .replace(/[\p{C}\u{10000}-\u{10ffff}]/gu, '')
      .trim()
      .slice(0, 56)
      .trim();
    const base = own ?? (clean || `column_${column.position + 1}`);
    const isFree = (name: string) =>
      featureNameSchema.safeParse(name).success &&
      !findNameClashes([...names, name]).some(({ index }) => index === names.length);
    const candidates = [base, `${base}_value`, ...columns.map((_, index) => `${base}_${index + 2}`)];
    names.push(candidates.find(isFree) ?? base);
  }
  // A later name may make an earlier one a parameter: `x_min`, then `x`.
  const clashing = new Set(findNameClashes(names).map(({ index }) => index));
  return names.map((name, index) => (clashing.has(index) ? `${name}_value` : name));
}
