import type { TypeAnswer } from '@sensor-sentinel/contracts';
import { isUtf8Name, toShortList } from '@sensor-sentinel/model/table';
import type { Clock } from './clock.ts';
import type { Config } from './config/settings.ts';
import type { Log } from './log.ts';
import type { ControlClient } from './replay/control-client.ts';
import { describeNewType, listTypes, makeType, peekTypes } from './replay/sensor-types.ts';
import { createTimeCheck } from './source/check-times.ts';
import { chooseType } from './source/choose-type.ts';
import { FileFault } from './source/file-state.ts';
import { type Layout, toLayout } from './source/layout.ts';
import { openTable, type Table } from './source/open-table.ts';
import {
  createRowReader,
  preview,
  type ReaderOptions,
  type RowReader,
  toNoValidRow,
} from './source/row-reader.ts';
import { createRowTally } from './source/row-tally.ts';

/** Opens the file for a pass of its own. @throws FileFault */
export function openConfiguredTable(config: Config, standardInput: AsyncIterable<Buffer>): Promise<Table> {
  return openTable({
    ...{ file: config.file, standardInput, encoding: config.encoding, delimiter: config.delimiter },
    ...{ columnNames: config.columns, long: config.long, labelColumn: config.label },
    anomalyLabels: config.anomalyLabels,
    hasHeader: !config.isHeaderless,
    ...{ missingMarks: config.missing, decimal: config.decimal, dateFormat: config.dateFormat },
  });
}

/** Chooses the sensor type and finds out how the rows are read. @throws FileFault */
function findLayout(config: Config, table: Table, types: readonly TypeAnswer[]): Layout {
  const { name, state, survey } = table;
  const choice = chooseType(survey, { types, typeName: config.type, name, fileName: state.name });
  return toLayout(survey, choice, { name, timestamps: config.timestamps, timeZone: config.timeZone });
}

export function openReader(
  config: Config,
  { table, layout }: { table: Table; layout: Layout },
  options: Pick<ReaderOptions, 'sensorId' | 'maxRows'>,
): RowReader {
  const isSent = config.timestamps !== 'arrival';
  return createRowReader(table, layout, {
    ...options,
    isOnlySensor: config.mode === 'copy',
    times: isSent ? 'needed' : config.isDryRun ? 'checked' : 'unused',
    maxGapMs: config.maxGapMs,
  });
}

/** What the user should know about how the file is read, before rows are sent. */
export function listRemarks(config: Config, { encoding, name }: Table, layout: Layout): string[] {
  const { choice, ignored, remarks } = layout;
  const isFound = config.encoding === '' && !isUtf8Name(encoding);
  const columns = toShortList(ignored.map(({ heading, reason }) => `${heading} (${reason})`));
  return [
    ...(isFound ? [`is read as ${encoding}; --encoding gives another encoding`] : []),
    ...remarks,
    ...(choice.isDefault || choice.isNew ? [] : [`holds readings of the type ${choice.name}`]),
    ...(columns === '' ? [] : [`ignored columns: ${columns}`]),
    ...(config.timestamps !== 'arrival' && config.speed > 0
      ? ['spaces the rows by their times; --speed 0 --rate 0 sends them as fast as the API answers']
      : []),
  ].map((remark) => `${name}: ${remark}`);
}

interface Preparation {
  config: Config;
  table: Table;
  sensorId: string;
  control: ControlClient;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/**
 * Finds out how the rows are read, checks the first ones and makes the sensor type where it is new. The API must be ready. Resolves
 * to undefined when stopped. @throws FileFault, ReplayFault
 */
export async function prepareRows({ config, table, sensorId, control, clock, log, signal }: Preparation) {
  const types = await listTypes({ control, signal });
  if (types === undefined) return undefined;
  const layout = findLayout(config, table, types);
  for (const remark of listRemarks(config, table, layout)) log(remark);
  const reader = openReader(config, { table, layout }, { sensorId });
  await checkFirstRows(reader, { nowMs: clock.now(), maxGapMs: config.maxGapMs, log });
  if (layout.choice.isNew) await makeType(layout.choice, { control, signal, log });
  // Only the API knows whether the model of the type takes missing values.
  layout.nulls.areTaken = true;
  return reader;
}

/** Like `prepareRows`, but nothing is made, and the API need not answer. @throws FileFault */
export async function prepareDryRun({
  config,
  table,
  sensorId,
  control,
  log,
  signal,
}: Omit<Preparation, 'clock'>) {
  const layout = findLayout(config, table, await peekTypes({ control, signal, log }));
  if (layout.choice.isNew) log(`${table.name}: ${describeNewType('would make', layout.choice)}`);
  return openReader(config, { table, layout }, { sensorId });
}

interface FirstRowsCheck {
  nowMs: number;
  maxGapMs: number;
  log: Log;
}

const shownFaults = 20;

/**
 * Names times that cannot be right. Refuses a file without any valid row, which would be read over and over in silence, and one
 * in which a pause would never end. @throws FileFault
 */
async function checkFirstRows(reader: RowReader, { nowMs, maxGapMs, log }: FirstRowsCheck): Promise<void> {
  const { name, layout, state } = reader;
  const check = createTimeCheck({ name, nowMs });
  const tally = createRowTally({ name, choice: layout.choice });
  const faults: string[] = [];
  let isValid = state.fingerprint === null;
  for await (const part of preview(reader)) {
    for (const row of part) {
      if ('reading' in row) {
        isValid = true;
        check.add(row);
      }
      tally.add(row);
      if ('fault' in row && faults.length < shownFaults) faults.push(`${name}:${row.line}: ${row.fault}`);
    }
  }
  if (!isValid) {
    for (const line of [...faults, ...tally.describe()]) log(line);
    throw new FileFault(toNoValidRow(name));
  }
  if (layout.time === undefined || reader.times === 'unused') return;
  for (const line of check.describe(layout.time)) log(line);
  const pause = check.endlessPause();
  if (pause !== undefined && maxGapMs === 0)
    throw new FileFault(
      `${pause}: was the clock of the logger set? --max-gap shortens the pause, as in --max-gap 1m`,
    );
}
