import { FileFault } from './file-fault.ts';
import type { Row } from './read-rows.ts';

export type ReadingRow = Extract<Row, { reading: unknown }> & { pass: number };
export type BadRow = Extract<Row, { fault: string }> & { pass: number };

type Passes = {
  file: string;
  /** 0: for ever. */
  loops: number;
  openRows: () => AsyncIterable<Row>;
  onBadRow: (row: BadRow) => void;
  stop: AbortSignal;
};

/** The valid rows of the file, over and over. A pass without any would go on for ever in silence: it throws. */
export async function* readPasses({
  file,
  loops,
  openRows,
  onBadRow,
  stop,
}: Passes): AsyncGenerator<ReadingRow> {
  for (let pass = 1; loops === 0 || pass <= loops; pass += 1) {
    let valid = 0;
    for await (const row of openRows()) {
      if (stop.aborted) return;
      if ('fault' in row) {
        onBadRow({ ...row, pass });
      } else {
        valid += 1;
        yield { ...row, pass };
      }
    }
    if (valid === 0) throw new FileFault(`${file} has no valid row; expected at least one under its header`);
  }
}
