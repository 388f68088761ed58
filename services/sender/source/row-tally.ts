import type { TypeChoice } from './choose-type.ts';
import { toExcerpt } from './messages.ts';
import type { LimitFault, ParsedRow } from './parse-row.ts';

type CountedRow = ParsedRow & { line: number };

/** Of further reasons and labels, only those that come first are listed. */
const maxKinds = 1000;

export type RowTally = ReturnType<typeof createRowTally>;

interface Count {
  rows: number;
  firstLine: number;
}

/** Counts the rows that are not sent, by reason, and those whose label is not. */
export function createRowTally({ name, choice }: { name: string; choice: TypeChoice }) {
  const skipped = new Map<string, Count>();
  const labels = new Map<string, Count>();
  const limits = new Map<string, Count & LimitFault>();

  function count(counts: Map<string, Count>, key: string, line: number): void {
    const { rows, firstLine } = counts.get(key) ?? { rows: 0, firstLine: line };
    if (counts.size < maxKinds || rows > 0) counts.set(key, { rows: rows + 1, firstLine });
  }

  function addLimit(fault: LimitFault, line: number): void {
    const key = `${fault.side} ${fault.feature}`;
    const known = limits.get(key) ?? { ...fault, rows: 0, firstLine: line };
    const isFurther = fault.side === 'max' ? fault.value > known.value : fault.value < known.value;
    limits.set(key, { ...known, rows: known.rows + 1, ...(isFurther && { value: fault.value }) });
  }

  function describeLimit({ feature, side, value, rows, firstLine }: Count & LimitFault): string {
    const found = choice.features.find((one) => one.name === feature);
    const limit = `${found?.[side]} ${found?.unit}`.trim();
    const where = side === 'max' ? 'above' : 'below';
    const widened = JSON.stringify({ features: [{ name: feature, [side]: value }] });
    return (
      `${name}: ${toCount(rows)} not sent: ${feature} is ${where} ${limit} (first in line ${firstLine}, ` +
      `${side === 'max' ? 'up' : 'down'} to ${value}); PATCH /types/${choice.name} widens the limit, as in ${widened}`
    );
  }

  return {
    add(row: CountedRow): void {
      if ('skipped' in row) count(skipped, row.skipped, row.line);
      else if ('reading' in row) {
        if (row.unknownLabel !== undefined) count(labels, row.unknownLabel, row.line);
      } else if ('fault' in row && row.limit !== undefined) addLimit(row.limit, row.line);
    },
    describe: (): string[] => [
      ...[...skipped].map(
        ([reason, { rows, firstLine }]) =>
          `${name}: ${toCount(rows)} skipped: ${reason} (first in line ${firstLine})`,
      ),
      ...[...labels].map(
        ([word, { rows, firstLine }]) =>
          `${name}: ${toCount(rows)} without a label: ${toExcerpt(word)} means neither normal nor anomaly (first in line ${firstLine}); ` +
          `--anomaly-labels gives all words that mean an anomaly`,
      ),
      ...[...limits.values()].map(describeLimit),
    ],
  };
}

function toCount(rows: number): string {
  return `${rows} row${rows === 1 ? '' : 's'}`;
}
