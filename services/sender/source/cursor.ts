import { isBlank, type RecentTimes, splitTextLines } from '@sensor-sentinel/model/table';
import { type Block, readBlocks } from './blocks.ts';
import { FileFault, type FileState, toShownName } from './file-state.ts';
import { type FileSource, openFile, openFileAt } from './open-file.ts';

/** The position of a row in file time, which passes as the timestamps of the file do. */
export interface Moment {
  /** Since the first row, with long pauses shortened. */
  offsetMs: number;
  /** Since the previous row. */
  gapMs: number;
  lastMs: number | undefined;
}

/** A position in the file at which a row begins. */
export interface Place {
  /** Rows before it. */
  row: number;
  /** Lines before it. */
  line: number;
  /** Bytes before it. */
  offset: number;
  moment: Moment;
  recent: RecentTimes;
}

/** One pass over the file; `at` is the index of the next line of the block that was read last. */
export interface Pass {
  blocks: AsyncGenerator<Block>;
  place: Place;
  lines: string[];
  at: number;
  nextOffset: number;
}

export interface Line {
  line: number;
  text: string;
}

interface CursorOptions extends FileSource {
  state: FileState;
  isSeekable: boolean;
  /** The file from its beginning, not read yet. */
  blocks: AsyncGenerator<Block>;
}

const beginning: Moment = { offsetMs: 0, gapMs: 0, lastMs: undefined };
/** The beginning of the file. */
const start: Place = {
  ...{ row: 0, line: 0, offset: 0, moment: beginning },
  recent: { sensor: '', last: new Map(), isShared: true },
};

/** A place that changes independently; by default the beginning of the file. */
export function copyPlace(place: Place = start): Place {
  place.recent.isShared = true;
  return { ...place, recent: { ...place.recent } };
}

/** Goes to a row the shortest way: forward from where it is, or from the closest checkpoint before the row. */
export function createCursor({ file, standardInput, encoding, state, isSeekable, blocks }: CursorOptions) {
  const checkpoints = createCheckpoints();
  let pass: Pass | undefined = toPass(blocks, start);

  async function reopen(row: number): Promise<Pass> {
    if (state.fingerprint === null) {
      const name = toShownName(file);
      throw new FileFault(`${name} can be read only once; give another --replay, or the file itself`);
    }
    const place = checkpoints.before(row);
    if (isSeekable && place !== undefined)
      return toPass(readBlocks(openFileAt(file, place.offset), place.offset), place);
    return toPass(readBlocks((await openFile({ file, standardInput, encoding })).chunks, 0), start);
  }

  return {
    /** Resolves to a pass at the row or before it. @throws FileFault if the file changed */
    async seek(row: number): Promise<Pass> {
      await state.check();
      const current = pass;
      const shortcut = isSeekable ? (checkpoints.before(row)?.row ?? 0) : 0;
      if (current !== undefined && current.place.row <= row && shortcut <= current.place.row) return current;
      pass = undefined;
      await current?.blocks.return(undefined);
      pass = await reopen(row);
      return pass;
    },
    /** Reads on until there is a next line. Resolves to false at the end of the file. */
    async fill(current: Pass): Promise<boolean> {
      while (current.at >= current.lines.length) {
        const next = await current.blocks.next();
        if (next.done) {
          await state.check();
          return false;
        }
        current.place.offset = current.nextOffset;
        if (current.place.line > 0) checkpoints.add(copyPlace(current.place));
        current.lines = splitTextLines(next.value.text);
        current.at = 0;
        current.nextOffset = next.value.endOffset;
      }
      return true;
    },
    bytesRead: () => pass?.nextOffset ?? 0,
    /** Does not wait for a pending read. */
    close: () => void pass?.blocks.return(undefined),
  };
}

function toPass(blocks: AsyncGenerator<Block>, place: Place): Pass {
  return { blocks, place: copyPlace(place), lines: [], at: 0, nextOffset: place.offset };
}

/** Takes at most `count` lines of the block; blank lines and the header are skipped. */
export function takeLines(pass: Pass, { count, headerLine }: { count: number; headerLine: number }): Line[] {
  const taken: Line[] = [];
  while (taken.length < count && pass.at < pass.lines.length) {
    const text = pass.lines[pass.at] ?? '';
    pass.at += 1;
    pass.place.line += 1;
    if (pass.place.line > headerLine && !isBlank(text)) taken.push({ line: pass.place.line, text });
  }
  return taken;
}

/** A row older than the previous one follows it immediately. `maxGapMs` 0: pauses are not shortened. */
export function advance(moment: Moment, timestampMs: number | undefined, maxGapMs: number): Moment {
  if (timestampMs === undefined) return moment;
  const pauseMs = Math.max(0, timestampMs - (moment.lastMs ?? timestampMs));
  const gapMs = maxGapMs > 0 ? Math.min(pauseMs, maxGapMs) : pauseMs;
  return { offsetMs: moment.offsetMs + gapMs, gapMs, lastMs: timestampMs };
}

const maxCheckpoints = 2048;

/** Places to return to without reading the file from its beginning; the longer the file, the sparser they are. */
function createCheckpoints() {
  let places: Place[] = [];
  let minDistance = 1;
  return {
    add: (place: Place) => {
      const last = places.at(-1);
      if (last !== undefined && place.row < last.row + minDistance) return;
      places.push(place);
      if (places.length < maxCheckpoints) return;
      places = places.filter((_, index) => index % 2 === 0);
      minDistance = Math.ceil((place.row - (places[0]?.row ?? 0)) / places.length) || 1;
    },
    /** The last checkpoint that is not behind the row. */
    before: (row: number): Place | undefined => places.findLast((place) => place.row <= row),
  };
}
