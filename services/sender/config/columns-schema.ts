import { z } from 'zod';
import { type Column, type ColumnNames, columns } from '../source/layout.ts';

const ours = columns.join('|');
/** A column of a file may have a comma in its name: the next pair begins where one of our names and `=` do. */
const separator = new RegExp(`,\\s*(?=(?:${ours})=)`);
const pair = new RegExp(`^(${ours})=(.+)$`);

/** `temperature=Temp (C),humidity=RH`; undefined where that is no list of columns. */
function parseColumns(text: string): ColumnNames | undefined {
  const names: Partial<Record<Column, string>> = {};
  for (const part of text.trim() === '' ? [] : text.trim().split(separator)) {
    const [, ourName, name = ''] = pair.exec(part) ?? [];
    const column = columns.find((one) => one === ourName);
    if (column === undefined || column in names || name.trim() === '') return undefined;
    names[column] = name.trim();
  }
  return names;
}

export const columnsSchema = z
  .string()
  .refine(
    (text) => parseColumns(text) !== undefined,
    `expected pairs as in "temperature=Temp (C),humidity=RH"; what can be named: ${columns.join(', ')}`,
  )
  .transform((text) => parseColumns(text) ?? {});
