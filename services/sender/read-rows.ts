import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { type Info, parse } from 'csv-parse';
import { FileFault, toFileFault } from './file-fault.ts';
import { isolateLines } from './isolate-lines.ts';
import { type Header, parseHeader, type Timestamps } from './parse-header.ts';
import { type ParsedRow, parseRow } from './parse-row.ts';

export type ReadOptions = { file: string; sensorId: string; timestamps: Timestamps };

/** `bytes` is how far into the file the row ends. */
export type Row = ParsedRow & { line: number; bytes: number };

type CsvRecord = { record: string[]; info: Info };

async function* readRecords(file: string): AsyncGenerator<CsvRecord> {
  const parser = parse({
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  // A fault of any stage destroys the parser, and so reaches the loop below.
  pipeline(createReadStream(file), isolateLines, parser, () => undefined);
  try {
    for await (const entry of parser) yield entry;
  } catch (error) {
    throw toFileFault(file, error);
  }
}

export async function readHeader({ file, timestamps }: Omit<ReadOptions, 'sensorId'>): Promise<Header> {
  for await (const { record } of readRecords(file)) return parseHeader(record, { file, timestamps });
  throw new FileFault(
    `${file} is empty; expected a CSV file of readings, the column names on its first line`,
  );
}

/** Row by row, in constant memory. Rows at fault are among them; a fault of the file itself is thrown. */
export async function* readRows({ file, sensorId, timestamps }: ReadOptions): AsyncGenerator<Row> {
  let header: Header | undefined;
  for await (const { record, info } of readRecords(file)) {
    if (header === undefined) header = parseHeader(record, { file, timestamps });
    else yield { ...parseRow(record, header, sensorId), line: info.lines, bytes: info.bytes_records };
  }
}
