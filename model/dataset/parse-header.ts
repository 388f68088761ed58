import { maxFeatures } from '../matrix.ts';
import { findRoles } from '../table/columns.ts';
import type { Frame } from '../table/frame.ts';
import { isNamed, parseHeading } from '../table/headings.ts';
import { findLongTable } from '../table/long-table.ts';
import { DatasetError } from './dataset.ts';
import type { Table } from './read-table.ts';
import { sensorFeatures } from './sensor-features.ts';

/** What the user says about the columns; it overrides the header. */
export interface ColumnOptions {
  readonly target: string;
  /** Names of the feature columns; by default all columns of numbers but the target, an index, times and names of sensors. */
  readonly features?: readonly string[] | undefined;
  /** New names for the features, in their order. */
  readonly names?: readonly string[] | undefined;
  readonly units?: readonly string[] | undefined;
}

/**
 * `index` is the position of the column's cell. `heading` is the header's cell, which contains name and unit.
 */
export interface Column {
  readonly index: number;
  readonly heading: string;
  readonly name: string;
  readonly unit: string;
}

export interface Columns {
  readonly target: Column;
  readonly features: readonly Column[];
  readonly ignored: readonly (Column & { readonly reason: string })[];
}

/**
 * Finds the columns that header and options name.
 *
 * @throws DatasetError listing all faults in them
 */
export function parseHeader({ header, frame }: Table, options: ColumnOptions, source: string): Columns {
  const columns = header.cells.map((heading, index) => toColumn(heading, index, frame.units[index]));
  const target = findColumn(columns, options.target);
  const others = columns.filter((column) => column !== target);
  const reasons = options.features ? new Map<number, string>() : findReasons(frame, options.target, source);
  const named = chooseColumns(others, options.features);
  const numbers = named.filter(({ index }) => !reasons.has(index));
  const wanted = numbers.length > 0 ? numbers : named; // so that the faults of their cells are reported
  const faults = [
    ...nameFaults(target ? [target, ...wanted] : wanted),
    ...missingFaults(columns, options),
    ...(wanted.length < 1 || wanted.length > maxFeatures
      ? [`${wanted.length} feature columns, expected 1 to ${maxFeatures}`]
      : []),
    ...renameFaults(options, wanted.length),
  ].map((fault) => `line ${header.number}: ${fault}`);
  if (!target || faults.length > 0) throw new DatasetError(source, faults);
  const features = wanted.map((column, i) => ({
    ...column,
    name: options.names?.[i] ?? column.name,
    unit: options.units?.[i] ?? column.unit,
  }));
  const ignored = others
    .filter((column) => !wanted.includes(column))
    .map((column) => ({ ...column, reason: reasons.get(column.index) ?? 'not selected' }));
  return { target, features, ignored };
}

/** Why columns are no features, by their position, as the sender finds it. @throws DatasetError for a long table */
function findReasons(frame: Frame, target: string, source: string): Map<number, string> {
  const names = frame.headings.filter((heading) => isNamed(parseHeading(heading), target));
  // A target that is missing is a fault of its own.
  const roles = findRoles(frame, names[0] === undefined ? {} : { label: names[0] });
  const long = findLongTable(roles);
  if (long)
    throw new DatasetError(source, [
      `the file has a line for each value of each ${long.field.text}: write a column for each; --features "${long.value.text}" takes all values for those of one feature`,
    ]);
  return new Map([
    ...(roles.time?.positions ?? []).map((position) => [position, 'times'] as const),
    ...roles.sensors.map(({ position }) => [position, 'names of sensors'] as const),
    ...roles.ignored.map(({ column, reason }) => [column.position, reason] as const),
  ]);
}

/** The unit is in the heading or in a row below it. */
function toColumn(heading: string, index: number, unitBelow = ''): Column {
  const { name, unit } = parseHeading(heading);
  const known = sensorFeatures.find((feature) => feature.name === name)?.unit ?? '';
  return { index, heading, name, unit: unit || unitBelow || known };
}

/** A column can be named with or without its unit, and in another case where no other has exactly that name. */
function findColumn(columns: readonly Column[], wanted: string): Column | undefined {
  return (
    columns.find(({ name, heading }) => name === wanted || heading === wanted) ??
    columns.find(({ name, heading }) => isNamed({ name, text: heading, unit: '' }, wanted))
  );
}

/** The named columns, in the order of the names. */
function chooseColumns(columns: readonly Column[], names: readonly string[] | undefined): readonly Column[] {
  if (names === undefined) return columns;
  return names.flatMap((name) => findColumn(columns, name) ?? []);
}

function nameFaults(columns: readonly Column[]): string[] {
  const names = columns.map(({ name }) => name);
  return columns.flatMap(({ name, index }, i) => {
    if (name === '') return [`column ${index + 1} has no name`];
    return names.indexOf(name) < i ? [`column "${name}" occurs twice: rename one`] : [];
  });
}

function missingFaults(columns: readonly Column[], { target, features = [] }: ColumnOptions): string[] {
  const found = columns.map(({ name }) => `"${name}"`).join(', ');
  const isMissing = (name: string) => findColumn(columns, name) === undefined;
  const faults = features.filter(isMissing).map((name) => `column "${name}" is missing: found ${found}`);
  if (features.includes(target)) faults.push(`column "${target}" holds the label and cannot be a feature`);
  const repeated = features.find((name, i) => features.indexOf(name) < i);
  if (repeated !== undefined) faults.push(`feature "${repeated}" is selected twice`);
  if (isMissing(target)) {
    faults.push(`the label column "${target}" is missing: found ${found}`);
  }
  return faults;
}

function renameFaults({ names, units }: ColumnOptions, wanted: number): string[] {
  const faults: string[] = [];
  if (names && names.length !== wanted) faults.push(`${names.length} names for ${wanted} features`);
  if (units && units.length !== wanted) faults.push(`${units.length} units for ${wanted} features`);
  const wrong = names?.find((name, i) => name === '' || names.indexOf(name) < i);
  if (wrong !== undefined)
    faults.push(`"${wrong}" cannot name a feature: names must be unique and not empty`);
  return faults;
}
