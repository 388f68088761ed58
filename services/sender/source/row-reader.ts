import { advance, createCursor, isBlank, type Line, type Moment, type Pass, takeLines } from './cursor.ts';
import { FileFault, readFileState, toShownName } from './file-state.ts';
import { findLayout, type Layout, type LayoutOptions } from './layout.ts';
import { type Block, readBlocks, splitLines } from './lines.ts';
import { type FileSource, openFile } from './open-file.ts';
import { type ParsedRow, parseRow, type RowOptions } from './parse-row.ts';

/** `index` counts the rows of the file from 0, `line` its lines from 1. */
export type Row = ParsedRow & { index: number; line: number; moment: Moment };
export type ValidRow = Extract<Row, { reading: unknown }>;

export interface ReaderOptions extends FileSource, RowOptions, LayoutOptions {
  /** Longer pauses of the file are shortened to this; 0: none is. */
  maxGapMs: number;
  /** The file counts as ended after this many rows. */
  maxRows?: number;
}

export type RowReader = Awaited<ReturnType<typeof openRows>>;

const maxPartRows = 1024;

/** Opens a CSV file; memory does not grow with its length. @throws FileFault */
export async function openRows(options: ReaderOptions) {
  const { file, standardInput, needsTimestamp, maxRows = Number.POSITIVE_INFINITY } = options;
  const name = toShownName(file);
  const state = await readFileState(file);
  const opened = await openFile(options);
  const { sample, blocks } = await takeSample(readBlocks(opened.chunks, 0));
  const layout = await readLayout(sample, { ...options, file: name }, blocks);
  const format: Format = { ...options, layout };
  const cursor = createCursor({ file, standardInput, state, blocks, isSeekable: opened.isSeekable });
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
      const limit = { count: Math.min(wanted, maxPartRows), headerLine: layout.headerLine };
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

interface Format extends RowOptions {
  layout: Layout;
  maxGapMs: number;
}

/** Parses lines, and advances the pass by their rows. */
function toRows(current: Pass, taken: readonly Line[], format: Format): Row[] {
  const texts = taken.map(({ text }) => text);
  const cells = splitLines(texts, format.layout.delimiter);
  return taken.map(({ line, text }, position) => {
    const { place } = current;
    const parsed = parseRow(cells[position] ?? [], text, format);
    if (format.needsTimestamp && 'reading' in parsed)
      place.moment = advance(place.moment, parsed.timestampMs, format.maxGapMs);
    const row = { ...parsed, index: place.row, line, moment: place.moment };
    place.row += 1;
    return row;
  });
}

/** Collects blocks up to the first that is not blank; `blocks` yields them again, then the rest. */
async function takeSample(blocks: AsyncGenerator<Block>) {
  const taken: Block[] = [];
  for (let next = await blocks.next(); !next.done; next = await blocks.next()) {
    taken.push(next.value);
    if (!isBlank(next.value.text.replace('\ufeff', ''))) break;
  }
  async function* all() {
    try {
      yield* taken;
      yield* blocks;
    } finally {
      await blocks.return(undefined);
    }
  }
  return { sample: taken.map(({ text }) => text).join(''), blocks: all() };
}

async function readLayout(sample: string, options: LayoutOptions, blocks: AsyncGenerator<Block>) {
  try {
    return findLayout(sample, options);
  } catch (error) {
    await blocks.return(undefined);
    throw error;
  }
}

const surveyRows = 1000;

/**
 * Refuses a file without any valid row, which would be read over and over in silence. Standard input cannot be read
 * ahead, so it is not checked. @throws FileFault
 */
export async function requireValidRow(reader: RowReader, log: (line: string) => void): Promise<void> {
  if (reader.state.fingerprint === null) return;
  for (let first = 0; ; first += surveyRows) {
    let rows = 0;
    for await (const part of reader.read(first, surveyRows)) {
      rows += part.length;
      if (part.some((row) => 'reading' in row)) return;
      for (const row of part) if ('fault' in row) log(`${reader.name}:${row.line}: ${row.fault}`);
    }
    if (rows === 0) throw new FileFault(toNoValidRow(reader.name));
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
