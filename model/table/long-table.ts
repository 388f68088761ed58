import type { Roles } from './columns.ts';
import { type Column, isKnownUnit, toPlainKey } from './headings.ts';
import { fieldKeys, placeKeys, unitKeys, vagueFieldKeys, vagueValueKeys, valueKeys } from './name-keys.ts';

/** A long table has a line for each value of each quantity. */
export interface LongTable {
  /** Names of the quantities. */
  field: Column;
  value: Column;
}

/**
 * Recognizes a long table by a column of names of quantities beside one of values. Further columns of numbers may only hold codes,
 * as of the quality of the value.
 */
export function findLongTable({ numbers, ignored }: Roles): LongTable | undefined {
  const texts = ignored.map(({ column }) => column);
  const hasKey = (keys: ReadonlySet<string>) => (column: Column) => keys.has(toPlainKey(column.name));
  const named = [...valueKeys].flatMap((key) =>
    (numbers.length > 0 ? numbers : texts).filter(hasKey(new Set([key]))),
  );
  const value = named[0] ?? (numbers.length === 1 ? numbers[0] : undefined);
  if (value === undefined) return undefined;
  const codes = numbers.filter((column) => column !== value);
  if (!codes.every(({ cells }) => cells.every((cell) => /^-?\d+$/.test(cell)))) return undefined;
  const fields = [...texts, ...codes].filter((column) => column !== value && new Set(column.cells).size > 1);
  const isSure = named.length > 0 && (numbers.length <= 1 || !hasKey(vagueValueKeys)(value));
  const isVagueField = (column: Column) =>
    texts.includes(column) &&
    (hasKey(vagueFieldKeys)(column) || (hasKey(unitKeys)(column) && column.cells.every(isKnownUnit)));
  const field = fields.find(hasKey(fieldKeys)) ?? (isSure ? fields.find(isVagueField) : undefined);
  return field && { field, value };
}

/** A column of places at which there are sensors of the same name. */
export function findPlaceColumn({ sensors, ignored, numbers }: Roles, rows: readonly (readonly string[])[]) {
  const [sensor, other] = sensors;
  if (sensor === undefined || other !== undefined) return undefined;
  return [...ignored.map(({ column }) => column), ...numbers].find(({ name, position }) => {
    if (!placeKeys.has(toPlainKey(name))) return false;
    const pairs = new Set(rows.map((row) => JSON.stringify([row[sensor.position], row[position]])));
    return pairs.size > new Set(sensor.cells).size;
  });
}
