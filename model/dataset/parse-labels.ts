import { parseLabel } from '../table/labels.ts';
import { parseNumber } from '../table/numbers.ts';
import { DatasetError } from './dataset.ts';

const maxClassesShown = 5;

interface ParsedLabels {
  readonly labels: Uint8Array;
  readonly classNames: readonly [string, string];
  readonly remarks: readonly string[];
}

/**
 * Maps two classes to labels 0 and 1. The classes 0 and 1 map to themselves and are named normal and anomaly.
 * Otherwise label 1 is `positive` if given, else the class that a name says is the anomaly (`fault` and `ok`,
 * `leak` and `normal`), else the rarer class, else the last in alphabetical order.
 *
 * @param cells the label of each row, not empty
 * @param positive the class that becomes label 1
 * @throws DatasetError when there are not two classes, or none is `positive`
 */
export function parseLabels(
  cells: readonly string[],
  { positive, column, source }: { positive: string | undefined; column: string; source: string },
): ParsedLabels {
  const texts = cells.map(toClass);
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const classes = [...counts.keys()].sort();
  const fault = classFault(classes, counts, positive);
  if (fault !== undefined) throw new DatasetError(source, [`column "${column}": ${fault}`]);
  const isNumbered = classes.join() === '0,1';
  const { one, why } = choosePositive(classes, counts, positive ?? (isNumbered ? '1' : undefined));
  const labels = Uint8Array.from(texts, (text) => Number(text === one));
  if (isNumbered && one === '1') return { labels, classNames: ['normal', 'anomaly'], remarks: [] };
  const zero = classes[0] === one ? classes[1] : classes[0];
  const remark = `label 1 is "${one}" (${counts.get(one)} rows; ${why}), label 0 is "${zero}" (${counts.get(zero)} rows)`;
  return { labels, classNames: [zero, one], remarks: [remark] };
}

/** `1.0` and `1` are the same class. */
function toClass(cell: string): string {
  const value = parseNumber(cell);
  return Number.isNaN(value) ? cell : String(value);
}

function choosePositive(
  classes: readonly string[],
  counts: ReadonlyMap<string, number>,
  positive: string | undefined,
): { one: string; why: string } {
  if (positive !== undefined) return { one: toClass(positive), why: 'as requested' };
  const [a, b] = classes;
  const [labelA, labelB] = [a, b].map((name) =>
    Number.isNaN(parseNumber(name)) ? parseLabel(name) : undefined,
  );
  if (labelA !== labelB) {
    const isA = labelA === 1 || labelB === 0;
    return { one: isA ? a : b, why: 'by their names' };
  }
  const [countA, countB] = [a, b].map((name) => counts.get(name) ?? 0);
  if (countA === countB)
    return { one: b, why: 'the last in alphabetical order, as both are equally frequent' };
  return { one: countA < countB ? a : b, why: 'the rarer' };
}

function classFault(
  classes: readonly string[],
  counts: ReadonlyMap<string, number>,
  positive: string | undefined,
): string | undefined {
  if (classes.length === 1) return `every row has the class "${classes[0]}": expected two classes`;
  if (classes.length !== 2) {
    const shown = classes.slice(0, maxClassesShown).map((name) => `"${name}" ${counts.get(name)} times`);
    if (classes.length > shown.length) shown.push(`${classes.length - shown.length} more`);
    return `${classes.length} classes, expected 0 and 1 or two names: ${shown.join(', ')}`;
  }
  if (positive === undefined || counts.has(toClass(positive))) return undefined;
  return `no row has the class "${positive}": found "${classes.join('" and "')}"`;
}
