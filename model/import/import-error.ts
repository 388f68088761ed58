import { escapeControls } from '../table/escape-controls.ts';

/**
 * A file that cannot be imported. The message names the file, the place in it, the problem and the remedy.
 */
export class ImportError extends Error {
  readonly source: string;
  /** Byte offset of the fault in the (decompressed) file, if it has one. */
  readonly offset: number | undefined;

  constructor(
    source: string,
    {
      problem,
      remedy,
      offset,
      cause,
    }: { problem: string; remedy: string; offset?: number | undefined; cause?: unknown },
  ) {
    const place = offset === undefined ? source : `${source}: at byte ${offset}`;
    super(escapeControls(`${place}: ${problem}. ${remedy}.`), { cause });
    this.name = 'ImportError';
    this.source = source;
    this.offset = offset;
  }
}

export const dumpAgain =
  'Use an intact copy of the file, or dump the model again with joblib.dump or pickle.dump';

/** Creates the error for a fault in the file being read. */
export type Fault = (problem: string, at?: { offset?: number; remedy?: string | undefined }) => ImportError;
