import { decimal } from './read-table.ts';

/** Class names that mark the positive class. */
const positiveWords = ['true', 'yes', 'anomaly'];

const maxClassesShown = 5;

export interface ParsedLabels {
  readonly labels: Uint8Array;
  readonly classNames: readonly [string, string];
  readonly remarks: readonly string[];
}

/**
 * Maps two classes to labels 0 and 1. The classes 0 and 1 map to themselves and are named normal and anomaly.
 * Otherwise label 1 is `positive` if given, else the class named true, yes or anomaly, else the rarer class,
 * else the last in alphabetical order.
 *
 * @param cells the label of each row, not empty
 * @param positive the class that becomes label 1
 */
export function parseLabels(
  cells: readonly string[],
  positive: string | undefined,
): { parsed: ParsedLabels; fault?: undefined } | { parsed?: undefined; fault: string } {
  const texts = cells.map(toClass);
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const classes = [...counts.keys()].sort();
  if (classes.length !== 2) return { fault: countFault(classes, counts) };
  if (positive !== undefined && !counts.has(toClass(positive))) {
    return { fault: `no row has the class "${positive}": found "${classes.join('" and "')}"` };
  }
  const isNumbered = classes.join() === '0,1';
  const { one, why } = choosePositive(classes, counts, positive ?? (isNumbered ? '1' : undefined));
  const isPlain = isNumbered && one === '1';
  const zero = classes[0] === one ? classes[1] : classes[0];
  return {
    parsed: {
      labels: Uint8Array.from(texts, (text) => Number(text === one)),
      classNames: isPlain ? ['normal', 'anomaly'] : [zero, one],
      remarks: isPlain
        ? []
        : [
            `label 1 is "${one}" (${counts.get(one)} rows; ${why}), label 0 is "${zero}" (${counts.get(zero)} rows)`,
          ],
    },
  };
}

/** `1.0` and `1` are the same class. */
function toClass(cell: string): string {
  return decimal.test(cell) ? String(Number(cell)) : cell;
}

function choosePositive(
  classes: readonly string[],
  counts: ReadonlyMap<string, number>,
  positive: string | undefined,
): { one: string; why: string } {
  if (positive !== undefined) return { one: toClass(positive), why: 'as requested' };
  const [a, b] = classes;
  const [isA, isB] = [a, b].map((name) => positiveWords.includes(name.toLowerCase()));
  if (isA !== isB) return { one: isA ? a : b, why: 'by its name' };
  const [countA, countB] = [a, b].map((name) => counts.get(name) ?? 0);
  if (countA === countB)
    return { one: b, why: 'the last in alphabetical order, as both are equally frequent' };
  return { one: countA < countB ? a : b, why: 'the rarer' };
}

function countFault(classes: readonly string[], counts: ReadonlyMap<string, number>): string {
  const shown = classes.slice(0, maxClassesShown).map((name) => `"${name}" ${counts.get(name)} times`);
  if (classes.length > shown.length) shown.push(`${classes.length - shown.length} more`);
  return classes.length === 1
    ? `every row has the class "${classes[0]}": expected two classes`
    : `${classes.length} classes, expected 0 and 1 or two names: ${shown.join(', ')}`;
}
