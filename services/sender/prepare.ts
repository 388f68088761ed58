import type { Log } from './bounded-log.ts';
import type { Config } from './config/config-schema.ts';
import { type NameOptions, type Names, toNames } from './identity/names.ts';
import { FileFault } from './source/file-fault.ts';
import { readFileState } from './source/file-state.ts';
import { openRows, type RowReader } from './source/row-reader.ts';

export type Host = Pick<NameOptions, 'hostname' | 'isContainer' | 'unique'>;
export type Source = {
  names: Names;
  reader: RowReader;
  /** For a second way through the file. */
  reopen: () => Promise<RowReader>;
};

const sampleRows = 1000;

/** Opens the file, and names who sends it. @throws FileFault */
export async function openSource(
  config: Config,
  { host, standardInput }: { host: Host; standardInput: AsyncIterable<Buffer> },
): Promise<Source> {
  const { file, mode, timestamps } = config;
  const { fingerprint } = await readFileState(file);
  const names = toNames({ ...config, ...host, fingerprint, sender: config.name });
  const hasTime = timestamps !== 'arrival';
  const reopen = () =>
    openRows({
      ...{ file, standardInput, columnNames: config.columns, delimiter: config.delimiter },
      ...{ labelColumn: config.label, sensorId: names.sensorId, isOnlySensor: mode === 'copy' },
      ...{ needsTimestamp: hasTime, keepsTime: hasTime, maxGapMs: config.maxGapMs },
    });
  return { names, reader: await reopen(), reopen };
}

/**
 * A file without any valid row would be read over and over in silence. Standard input cannot be looked at beforehand.
 * @throws FileFault
 */
export async function requireReading({ name, state, read }: RowReader, log: Log): Promise<void> {
  if (state.fingerprint === null) return;
  for (let first = 0; ; first += sampleRows) {
    let rows = 0;
    for await (const part of read(first, sampleRows)) {
      rows += part.length;
      if (part.some((row) => 'reading' in row)) return;
      for (const row of part) if ('fault' in row) log(`${name}:${row.line}: ${row.fault}`);
    }
    if (rows === 0) throw new FileFault(toNoRow({ name }));
  }
}

/** Milliseconds from row to row, of the first ones. */
export async function findSpacingMs({ state, read }: RowReader): Promise<number | undefined> {
  if (state.fingerprint === null) return undefined;
  let last: { offsetMs: number; rows: number } | undefined;
  for await (const part of read(0, sampleRows)) {
    const row = part.at(-1);
    if (row !== undefined) last = { offsetMs: row.moment.offsetMs, rows: row.index };
  }
  return last === undefined || last.rows === 0 ? undefined : last.offsetMs / last.rows;
}

export function toNoRow({ name }: Pick<RowReader, 'name'>): string {
  return `${name} has no valid row; expected at least one under its header`;
}
