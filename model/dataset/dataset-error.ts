export const maxFaultsShown = 10;

/** A training file that cannot be used. The message names the file and its first ten faults, and counts the rest. */
export class DatasetError extends Error {
  readonly source: string;
  readonly faults: readonly string[];

  constructor(source: string, faults: readonly string[], options?: ErrorOptions) {
    const shown = faults.slice(0, maxFaultsShown).map((fault) => `  ${fault}`);
    const hidden = faults.length - shown.length;
    if (hidden > 0) shown.push(`  and ${hidden} more`);
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super([`${source}: ${count}`, ...shown].join('\n'), options);
    this.name = 'DatasetError';
    this.source = source;
    this.faults = faults;
  }
}
