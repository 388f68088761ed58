/** A file that cannot be imported: which one, where in it, what is wrong, and what to do about it. */
export class ImportError extends Error {
  readonly source: string;
  /** The byte of the (decompressed) file at which the fault is, where it is at one. */
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
    super(`${place}: ${problem}. ${remedy}.`, { cause });
    this.name = 'ImportError';
    this.source = source;
    this.offset = offset;
  }
}

export const dumpAgain =
  'Take an intact copy of the file, or dump the model again with joblib.dump or pickle.dump';

/** Makes the error of a fault in the file being read; where no byte is given it is where reading has come to. */
export type Fault = (problem: string, at?: { offset?: number; remedy?: string }) => ImportError;
