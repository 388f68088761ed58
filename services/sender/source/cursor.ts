import { createCheckpoints } from './checkpoints.ts';
import { FileFault } from './file-fault.ts';
import type { FileState } from './file-state.ts';
import { type OpenedBytes, type OpenOptions, openBytes, openBytesAt, toShownName } from './open-bytes.ts';
import { atStart, fillPass, type Pass, toPass } from './pass.ts';
import { type Block, readBlocks } from './read-blocks.ts';

type CursorOptions = OpenOptions & {
  state: FileState;
  encoding: OpenedBytes['encoding'];
  /** From the beginning, not read yet. */
  blocks: AsyncGenerator<Block>;
};

/** Goes to a row by the shortest way: onwards, or from a place that was passed before. */
export function createCursor({ file, standardInput, state, encoding, blocks }: CursorOptions) {
  const checkpoints = createCheckpoints();
  let pass: Pass | undefined = toPass(blocks, atStart);

  async function reopen(row: number): Promise<Pass> {
    if (state.fingerprint === null) {
      const name = toShownName(file);
      throw new FileFault(`${name} can be read once only; give another --replay, or the file itself`);
    }
    const place = checkpoints.before(row);
    if (encoding === 'plain' && place !== undefined)
      return toPass(readBlocks(openBytesAt(file, place.offset), place.offset), place);
    return toPass(readBlocks((await openBytes({ file, standardInput })).chunks, 0), atStart);
  }

  return {
    /** At the row or before it. @throws FileFault if the file changed */
    async seek(row: number): Promise<Pass> {
      await state.check();
      const current = pass;
      const shortcut = encoding === 'plain' ? (checkpoints.before(row)?.row ?? 0) : 0;
      if (current !== undefined && current.place.row <= row && shortcut <= current.place.row) return current;
      pass = undefined;
      await current?.blocks.return(undefined);
      pass = await reopen(row);
      return pass;
    },
    /** Makes sure that there is a next line; false: the file ends. */
    async fill(current: Pass): Promise<boolean> {
      if (await fillPass(current, checkpoints)) return true;
      await state.check();
      return false;
    },
    bytesRead: () => pass?.nextOffset ?? 0,
    /** Does not wait for a read that is under way. */
    close: () => void pass?.blocks.return(undefined),
  };
}
