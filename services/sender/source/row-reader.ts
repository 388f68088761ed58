import { isBlank, splitLines } from '@sensor-sentinel/model/table';
import { advance, copyPlace, createCursor, type Line, type Moment, type Pass, takeLines } from './cursor.ts';
import type { Layout } from './layout.ts';
import type { Table } from './open-table.ts';
import { createRowParser, type ParsedRow, type RowOptions } from './parse-row.ts';

/** `index` counts the rows of the file from 0, `line` its lines from 1. */
export type Row = ParsedRow & { index: number; line: number; moment: Moment };
export type ValidRow = Extract<Row, { reading: unknown }>;

export interface ReaderOptions extends RowOptions {
  /** Longer pauses of the file are shortened to this; 0: none is. */
  maxGapMs: number;
  /** The file counts as ended after this many rows. */
  maxRows?: number;
}

export type RowReader = ReturnType<typeof createRowReader>;

const maxPartRows = 1024;

/** Reads the rows of a table by its layout; memory does not grow with its length. */
export function createRowReader(table: Table, layout: Layout, options: ReaderOptions) {
  const { name, state, blocks, isSeekable } = table;
  const { maxRows = Number.POSITIVE_INFINITY, maxGapMs } = options;
  const { headerLine, delimiter } = layout.survey.frame;
  const needsTimestamp = options.times !== 'unused';
  const format: Format = { parse: createRowParser(layout, options), delimiter, needsTimestamp, maxGapMs };
  const cursor = createCursor({ ...table.source, state, blocks, isSeekable });
  let totalRows: number | undefined;
  let endOffsetMs = 0;

  /** At most `count` rows, in parts; fewer at the end of the file. @throws FileFault */
  async function* read(firstRow: number, count: number): AsyncGenerator<Row[]> {
    if (totalRows !== undefined && firstRow >= totalRows) return;
    const current = await cursor.seek(firstRow);
    const end = Math.min(firstRow + count, maxRows);
    const begin = Math.min(firstRow, end);
    while (current.place.row < end) {
      if (!(await cursor.fill(current))) {
        totalRows = current.place.row;
        endOffsetMs = current.place.moment.offsetMs;
        return;
      }
      const isBefore = current.place.row < begin;
      const wanted = (isBefore ? begin : end) - current.place.row;
      const limit = { count: Math.min(wanted, maxPartRows), headerLine };
      const taken = takeLines(current, limit);
      if (!isBefore) yield toRows(current, taken, format);
      // Skipped rows count for the file time of those after them.
      else if (needsTimestamp) toRows(current, taken, format);
      else current.place.row += taken.length;
    }
    if (end === maxRows) totalRows = maxRows;
  }

  /** Reads to the end of the file if it has not been reached. */
  async function countRows(): Promise<number> {
    const beyond = Number.MAX_SAFE_INTEGER - 1;
    for await (const _ of read(beyond, 1)) break;
    return totalRows ?? 0;
  }

  return {
    /** The name in messages. */
    name,
    state,
    layout,
    times: options.times,
    /** Rows of the first lines, without reading on. */
    sampleRows: (): Row[] => {
      const lines = table.sampleLines.map((text, index) => ({ line: index + 1, text }));
      const below = lines.filter(({ line, text }) => line > headerLine && !isBlank(text));
      return toRows({ place: copyPlace() }, below, format);
    },
    /** Undefined until the end of the file has been read. */
    totalRows: () => totalRows,
    read,
    countRows,
    /** The duration of one loop in file time. Reads to the end of the file if it has not been reached. */
    async lengthMs(): Promise<number> {
      const gaps = Math.max(1, (await countRows()) - 1);
      return endOffsetMs + endOffsetMs / gaps;
    },
    bytesRead: cursor.bytesRead,
    /** Does not wait for a pending read. */
    close: cursor.close,
  };
}

interface Format {
  parse: ReturnType<typeof createRowParser>;
  delimiter: string;
  needsTimestamp: boolean;
  maxGapMs: number;
}

/** Parses lines, and advances the pass by their rows. */
function toRows(current: Pick<Pass, 'place'>, taken: readonly Line[], format: Format): Row[] {
  const split = splitLines(
    taken.map(({ text }) => text),
    format.delimiter,
  );
  return taken.map(({ line, text }, position) => {
    const { place } = current;
    const cells = split[position] ?? [];
    const parsed = format.parse({ cells, text, line, recent: place.recent });
    if (format.needsTimestamp && 'reading' in parsed)
      place.moment = advance(place.moment, parsed.timestampMs, format.maxGapMs);
    const row = { ...parsed, index: place.row, line, moment: place.moment };
    place.row += 1;
    return row;
  });
}

const surveyRows = 1000;
const previewRows = 10_000;

/**
 * The first rows of a file, before they are sent; of standard input, which cannot be read ahead, those that have arrived. Further
 * rows up to the first valid one are read, too.
 */
export async function* preview(reader: RowReader): AsyncGenerator<Row[]> {
  if (reader.state.fingerprint === null) {
    yield reader.sampleRows();
    return;
  }
  let isValid = false;
  for (let first = 0; first < previewRows || !isValid; first += surveyRows) {
    let rows = 0;
    for await (const part of reader.read(first, surveyRows)) {
      rows += part.length;
      isValid ||= part.some((row) => 'reading' in row);
      yield part;
    }
    if (rows === 0) return;
  }
}

export function toNoValidRow(name: string): string {
  return `${name} has no valid row; expected at least one below its header`;
}

/** The mean time between the first rows of the file; undefined for standard input. */
export async function findSpacingMs({ state, read }: RowReader): Promise<number | undefined> {
  if (state.fingerprint === null) return undefined;
  let last: { offsetMs: number; rows: number } | undefined;
  for await (const part of read(0, surveyRows)) {
    const row = part.at(-1);
    if (row !== undefined) last = { offsetMs: row.moment.offsetMs, rows: row.index };
  }
  return last === undefined || last.rows === 0 ? undefined : last.offsetMs / last.rows;
}
