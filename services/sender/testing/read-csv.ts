import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { climateType, defaultTypeName, type TypeAnswer } from '@sensor-sentinel/contracts';
import { defaultMissingMarks } from '@sensor-sentinel/model/table';
import { chooseType } from '../source/choose-type.ts';
import { toLayout } from '../source/layout.ts';
import { openTable, type TableOptions } from '../source/open-table.ts';
import { createRowReader, type ReaderOptions, type Row, type RowReader } from '../source/row-reader.ts';

const { features } = climateType;

export interface CsvOptions extends Partial<TableOptions>, Partial<ReaderOptions> {
  /** The name of the file in the folder. */
  fileName?: string;
  types?: readonly TypeAnswer[];
  typeName?: string;
  timeZone?: string;
}

/** The default type, with a model that needs all values. */
export const climate: TypeAnswer = {
  name: defaultTypeName,
  features: features.map((feature) => ({ ...feature, decimals: null })),
  is_default: true,
  model: 'some',
};

async function* noBytes() {}

let files = 0;

/** Opens CSV as the sender does. Content is written to the folder. */
export async function openCsv(
  folder: string,
  content: string | Uint8Array | { file: string },
  options: CsvOptions = {},
) {
  files += 1;
  const isFile = typeof content === 'object' && 'file' in content;
  const file = isFile ? content.file : join(folder, options.fileName ?? `${files}.csv`);
  if (!isFile) await writeFile(file, content);
  const table = await openTable({
    ...{ file, standardInput: noBytes(), encoding: '', columnNames: {}, delimiter: '', labelColumn: '' },
    ...{ long: undefined, hasHeader: true, missingMarks: defaultMissingMarks, anomalyLabels: [] },
    ...{ decimal: undefined, dateFormat: undefined },
    ...options,
  });
  const { types = [climate], typeName = '', times = 'unused', timeZone = '' } = options;
  const { name, state, survey } = table;
  const choice = chooseType(survey, { types, typeName, name, fileName: state.name });
  const timestamps = times === 'unused' ? ('arrival' as const) : ('file' as const);
  const layout = toLayout(survey, choice, { name, timestamps, timeZone });
  const row = { sensorId: 'replay', isOnlySensor: false, times, maxGapMs: 0 };
  return { file, table, layout, reader: createRowReader(table, layout, { ...row, ...options }) };
}

export async function takeRows(
  reader: RowReader,
  [from, count]: readonly [number, number] = [0, 1e9],
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const part of reader.read(from, count)) rows.push(...part);
  return rows;
}
