import { featureNames } from '@sensor-sentinel/contracts';
import { FileFault } from './file-fault.ts';

export type Timestamps = 'arrival' | 'file';

export type Header = { width: number; positions: ReadonlyMap<string, number>; ignored: readonly string[] };

/** The position of every column that is used; a column that is missing, or there twice, is a fault of the file. */
export function parseHeader(cells: readonly string[], { file, timestamps }: HeaderOptions): Header {
  const names = cells.map((cell) => cell.trim());
  const required = [...featureNames, ...(timestamps === 'file' ? ['timestamp'] : [])];
  const used = [...required, 'sensor_id'];
  const missing = required.filter((name) => !names.includes(name));
  const repeated = used.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (missing.length > 0 || repeated.length > 0) {
    const faults = [
      ...missing.map((name) => `no column ${name}`),
      ...repeated.map((name) => `${name} twice`),
    ];
    throw new FileFault(
      `${file} has ${faults.join(', ')}; expected the columns ${required.join(', ')}; found ${quoteAll(names)}`,
    );
  }
  return {
    width: names.length,
    positions: new Map(
      used.filter((name) => names.includes(name)).map((name) => [name, names.indexOf(name)]),
    ),
    ignored: names.filter((name) => !used.includes(name)),
  };
}

type HeaderOptions = { file: string; timestamps: Timestamps };

function quoteAll(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name.slice(0, 40))).join(', ');
}
