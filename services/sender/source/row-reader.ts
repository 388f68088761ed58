import { createCursor } from './cursor.ts';
import { type FileState, readFileState } from './file-state.ts';
import { findLayout, type Layout, type LayoutOptions } from './layout.ts';
import { openBytes, toShownName } from './open-bytes.ts';
import { createRowParser, type ParsedRow } from './parse-row.ts';
import { isBlank, type Line, type Pass, takeLines } from './pass.ts';
import { type Block, readBlocks } from './read-blocks.ts';
import { createSplitLines } from './split-lines.ts';
import { advance, type Moment } from './timeline.ts';

/** `index` counts the rows of the file from 0, `line` its lines from 1. */
export type Row = ParsedRow & { index: number; line: number; moment: Moment };

export type ReaderOptions = Omit<LayoutOptions, 'file'> & {
  file: string;
  standardInput: AsyncIterable<Buffer>;
  sensorId: string;
  isOnlySensor: boolean;
  /** Whether what is skipped counts for the time of what is read. */
  keepsTime: boolean;
  maxGapMs: number;
};

export type RowReader = {
  /** For messages. */
  name: string;
  state: FileState;
  layout: Layout;
  /** Known once the end was seen. */
  totalRows: () => number | undefined;
  /** In the time of the file, up to where the next loop begins. Reads on to the end, if it was not seen. */
  lengthMs: () => Promise<number>;
  /** Of the file, how far it is read. */
  bytesRead: () => number;
  /** At most `count` rows, in parts; fewer where the file ends. @throws FileFault */
  read: (firstRow: number, count: number) => AsyncGenerator<Row[]>;
  /** Does not wait for a read that is under way. */
  close: () => void;
};

const maxPart = 1024;

/** In constant memory, however long the file. @throws FileFault */
export async function openRows(options: ReaderOptions): Promise<RowReader> {
  const { file, keepsTime, maxGapMs } = options;
  const name = toShownName(file);
  const state = await readFileState(file);
  const opened = await openBytes(options);
  const { sample, blocks } = await takeSample(readBlocks(opened.chunks, 0));
  const layout = await readLayout(sample, { ...options, file: name }, blocks);
  const splitLines = createSplitLines(layout.delimiter);
  const parseRow = createRowParser(layout, options);
  const cursor = createCursor({ ...options, state, blocks, encoding: opened.encoding });
  let totalRows: number | undefined;
  let endOffsetMs = 0;

  function toRows(current: Pass, taken: Line[]): Row[] {
    const cells = splitLines(taken.map(({ text }) => text));
    return taken.map(({ line, text }, position) => {
      const parsed = parseRow(cells[position] ?? [], text);
      if (keepsTime && 'reading' in parsed)
        current.place.moment = advance(current.place.moment, parsed.timestampMs, maxGapMs);
      const row = { ...parsed, index: current.place.row, line, moment: current.place.moment };
      current.place.row += 1;
      return row;
    });
  }

  async function* read(firstRow: number, count: number): AsyncGenerator<Row[]> {
    if (totalRows !== undefined && firstRow >= totalRows) return;
    const current = await cursor.seek(firstRow);
    while (current.place.row < firstRow + count) {
      if (!(await cursor.fill(current))) {
        totalRows = current.place.row;
        endOffsetMs = current.place.moment.offsetMs;
        return;
      }
      const isBefore = current.place.row < firstRow;
      const wanted = (isBefore ? firstRow : firstRow + count) - current.place.row;
      const taken = takeLines(current, { count: Math.min(wanted, maxPart), headerLine: layout.headerLine });
      if (!isBefore) yield toRows(current, taken);
      else if (keepsTime) toRows(current, taken);
      else current.place.row += taken.length;
    }
  }

  async function lengthMs(): Promise<number> {
    const beyond = Number.MAX_SAFE_INTEGER - 1;
    for await (const _ of read(beyond, 1)) break;
    const gaps = Math.max(1, (totalRows ?? 0) - 1);
    return endOffsetMs + endOffsetMs / gaps;
  }

  return {
    ...{ name, state, layout, read, lengthMs },
    totalRows: () => totalRows,
    bytesRead: cursor.bytesRead,
    close: cursor.close,
  };
}

/** The first blocks up to one that holds more than blank lines, and all of them again. */
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
